internal import Accounting
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
  /// Where the answer goes piece by piece; nil for one that goes in one piece.
  let sink: StreamSink?

  /// The model sees this many tokens, probably.
  var estimatedInputTokens: Int { TokenEstimate.tokens(in: request.inputSize) }

  /// What an answer has, probably, when the caller sets no bound: chat answers have some hundred tokens.
  private static let usualOutputTokens = 400

  var expectedOutputTokens: Int { min(request.maxTokens ?? .max, Self.usualOutputTokens) }
}

extension ChatCall {
  /// The call as the router sees it.
  ///
  /// `budgetLeft` is what the budgets that the call is charged to still allow; nil is no budget.
  func routingRequest(budgetLeft: Money?) -> RoutingRequest {
    RoutingRequest(
      model: AskedModel(request.model), strategy: strategy, intent: intent, inputTokens: estimatedInputTokens,
      inputTokenBound: TokenEstimate.upperBound(of: request.inputSize), outputTokens: expectedOutputTokens,
      needs: CapabilitySet(request.needs, isStreaming: request.isStreaming), maxCost: request.maxCost,
      budgetLeft: budgetLeft, allowedModels: client?.configuration.models ?? ["*"])
  }

  /// Who would be asked now, in what order, and why not the others.
  func plan(_ routing: RoutingRequest, now: MonotonicTime) -> RoutePlan {
    let providers = snapshot.providers
    let tokens = routing.inputTokens
    return Router.plan(routing, roster: snapshot.roster, policy: snapshot.policy) { index in
      providers[index].health.standing(tokens: tokens, now: now)
    }
  }
}

extension CapabilitySet {
  /// What a request needs of a provider.
  fileprivate init(_ needs: RequestNeeds, isStreaming: Bool) {
    self = needs.contains(.embeddings) ? .embeddings : .chat
    if isStreaming { insert(.streaming) }
    if needs.contains(.tools) { insert(.tools) }
    if needs.contains(.images) { insert(.images) }
  }
}

extension ChatCall {
  /// Whom the call is charged to.
  var parties: BudgetParties {
    BudgetParties(
      user: request.userID, key: client?.configuration.name,
      tags: request.tags.map { "\($0.name)=\($0.value)" })
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
