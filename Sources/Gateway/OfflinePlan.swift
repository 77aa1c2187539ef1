package import Configuration
package import Decisions
internal import GatewayTypes
internal import JSON
internal import Providers
internal import Reactor
internal import Routing

/// What a gateway that has just started would choose: the same code, without a server, a ledger or a call.
package struct OfflinePlan {
  /// Why there is no plan, as a sentence.
  package struct Refusal: Error, CustomStringConvertible {
    package let description: String
  }

  package var prompt: String
  package var model: String?
  /// `cost`, `speed` or `quality`.
  package var priority: String?
  package var maxTokens: Int?
  package var isStreaming = false

  package init(prompt: String) {
    self.prompt = prompt
  }

  /// The plan in words. Nothing is known of any provider's health, and no budget is used up.
  package func explanation(_ configuration: GatewayConfiguration) throws(Refusal) -> Explanation {
    let request: ChatRequest
    do throws(Providers.RequestError) {
      request = try ChatRequest(generate: RequestBody.object(from: body))
    } catch {
      throw Refusal(description: error.message)
    }
    let now = MonotonicTime.now()
    let call = ChatCall(
      id: "", surface: "", request: request,
      snapshot: GatewaySnapshot(configuration, environment: [:]), client: nil,
      intent: Intent.detect(in: request.lastUserText().span),
      strategy: RankingStrategy(request.priority, default: configuration.routing.strategy), receivedAt: now,
      deadline: now + (request.timeout ?? configuration.routing.timeout), cancellation: Cancellation(),
      sink: nil, warnings: [])
    let explanation = Explanation(of: call, budgetLeft: nil, now: now) { time in
      "\(max(1, Int((time - now).inSeconds.rounded(.up)))) s from now"
    }
    guard !explanation.rows.isEmpty else {
      throw Refusal(
        description: "no provider serves the model '\(model ?? "auto")'; GET /v1/models lists them")
    }
    return explanation
  }

  /// The request as a caller would send it.
  private var body: [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("prompt", prompt)
    if let model { writer.member("model", model) }
    if let priority { writer.member("preference", priority) }
    if let maxTokens { writer.member("max_tokens", maxTokens) }
    writer.member("stream", isStreaming)
    writer.endObject()
    return writer.bytes
  }
}
