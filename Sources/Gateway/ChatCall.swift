internal import Configuration
internal import GatewayTypes
internal import HTTPServer
internal import Health
internal import Providers
internal import Routing

/// One request for a chat answer on its way through the gateway.
struct ChatCall {
  /// The gateway's own id: the ledger's and the answer's.
  let id: String
  /// The ledger's name of the path it came by: `generate`, `openai`, `anthropic`.
  let surface: String
  let request: ChatRequest
  /// The configuration that it began with, and ends with.
  let snapshot: GatewaySnapshot
  let client: AccessControl.Client?
  let intent: Intent
  let strategy: RankingStrategy
  /// When the request was complete.
  let receivedAt: MonotonicTime
  /// When every attempt must have ended.
  let deadline: MonotonicTime
  let cancellation: Cancellation

  /// The model sees this many tokens, probably.
  var estimatedInputTokens: Int { TokenEstimate.tokens(in: request.inputSize) }

  /// What an answer has, probably, when the caller sets no bound: chat answers have some hundred tokens.
  private static let usualOutputTokens = 400

  var expectedOutputTokens: Int { min(request.maxTokens ?? .max, Self.usualOutputTokens) }
}

extension ChatCall {
  /// Who would be asked now, in what order, and why not the others.
  func plan(now: MonotonicTime) -> RoutePlan {
    let tokens = estimatedInputTokens
    let routing = RoutingRequest(
      model: AskedModel(request.model), strategy: strategy, intent: intent, inputTokens: tokens,
      inputTokenBound: TokenEstimate.upperBound(of: request.inputSize), outputTokens: expectedOutputTokens,
      maxCost: request.maxCost, allowedModels: client?.configuration.models ?? ["*"])
    let providers = snapshot.providers
    return Router.plan(routing, roster: snapshot.roster, policy: snapshot.policy) { index in
      providers[index].health.standing(tokens: tokens, now: now)
    }
  }
}

/// Whether the caller has hung up, and what is to be stopped when it does. Belongs to the loop.
final class Cancellation {
  private(set) var isCancelled = false
  private var handler: (() -> Void)?

  /// Has `handler` called when the caller hangs up, at once if it has; nil ends that.
  func onCancel(_ handler: (() -> Void)?) {
    if isCancelled, let handler { return handler() }
    self.handler = handler
  }

  func cancel() {
    isCancelled = true
    let handler = handler
    self.handler = nil
    handler?()
  }
}
