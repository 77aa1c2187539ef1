internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import HTTPServer
internal import Health
internal import Providers
internal import Routing

/// One request for a chat answer on its way through the gateway.
///
/// A class: it is handed down through a dozen functions, each of which would hold a copy of half a kilobyte
/// for as long as the provider takes.
final class ChatCall {
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
  /// What the caller is to know beside the answer, as far as it is known before anybody is asked.
  let warnings: [String]

  init(
    id: String, surface: String, request: ChatRequest, snapshot: GatewaySnapshot,
    client: AccessControl.Client?,
    intent: Intent, strategy: RankingStrategy, receivedAt: MonotonicTime, deadline: MonotonicTime,
    cancellation: Cancellation, sink: StreamSink?, warnings: [String]
  ) {
    self.id = id
    self.surface = surface
    self.request = request
    self.snapshot = snapshot
    self.client = client
    self.intent = intent
    self.strategy = strategy
    self.receivedAt = receivedAt
    self.deadline = deadline
    self.cancellation = cancellation
    self.sink = sink
    self.warnings = warnings
  }

  /// The model sees this many tokens, probably.
  var estimatedInputTokens: Int { TokenEstimate.tokens(in: request.inputSize) }

  /// The call as the router sees it.
  ///
  /// `budgetLeft` is what the budgets that the call is charged to still allow; nil is no budget.
  func routingRequest(budgetLeft: Money?, now: MonotonicTime) -> RoutingRequest {
    let embeds = request.needs.contains(.embeddings)
    return RoutingRequest(
      model: AskedModel(request.model), strategy: strategy, intent: intent, inputTokens: estimatedInputTokens,
      inputTokenBound: TokenEstimate.upperBound(of: request.inputSize, tokensPerImage: 0),
      // What embeds gives no text.
      outputTokens: embeds ? 0 : RoutingMemory.usualOutputTokens,
      usualAnswer: embeds ? ExpectedAnswer() : snapshot.memory.usualAnswer(kind, now: now),
      maxOutputTokens: request.maxTokens, choiceCount: request.choiceCount,
      needs: CapabilitySet(request.needs, isStreaming: request.isStreaming), maxCost: request.maxCost,
      budgetLeft: budgetLeft, allowedModels: client?.configuration.models ?? ["*"],
      warmProvider: warmProvider(now: now),
      random: strategy == .weighted ? RoutingRequest.drawBits(of: id) : 0)
  }

  /// Who would be asked now, in what order, and why not the others.
  @inline(never)
  func plan(_ routing: RoutingRequest, now: MonotonicTime) -> RoutePlan {
    let plan = Router.plan(
      routing, roster: snapshot.roster, policy: snapshot.policy, healths: snapshot.healths,
      kind: comparedKind(routing), now: now)
    return routing.budgetLeft == nil ? plan : plan.bounded(request, in: snapshot)
  }

  /// The kind by which the providers' answers are compared with all. None, while nothing is known of all: the
  /// first answer of another loop may be counted at its provider and not yet among all, and would make that
  /// provider look cheap.
  func comparedKind(_ routing: RoutingRequest) -> RequestKind {
    routing.usualAnswer.isKnown ? kind : .unlearned
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
