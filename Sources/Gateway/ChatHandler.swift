internal import Accounting
internal import Configuration
internal import Decisions
internal import GatewayTypes
internal import HTTP
internal import HTTPServer
internal import Providers
internal import Reactor
internal import Routing

/// The paths that ask a model: decode, dispatch, record, answer.
struct ChatHandler {
  let state: GatewayState
  let dispatcher: Dispatcher
  let ledger: LedgerBatch
  let inFlight: InFlightPartition
  let loopIndex: Int

  /// Answers one request; nil when the answer has gone as a stream. Throws what is refused before any
  /// provider is thought of, and what nobody could answer.
  func respond(
    to exchange: Exchange, surface: Surface, client: AccessControl.Client?
  ) async throws(APIError) -> Response? {
    if state.isDraining { throw Self.draining }
    try client?.admit(now: exchange.request.receivedAt)
    let call = try decode(exchange, surface: surface, client: client, isForReal: true)
    if let refusal = state.ledgerRefusal { throw refusal }
    exchange.writer.onClientGone { [cancellation = call.cancellation] in cancellation.cancel() }
    let parsedAt = MonotonicTime.now()
    call.sink?.parsedAt = parsedAt
    let result = await dispatcher.dispatch(call)
    exchange.writer.onClientGone(nil)
    do {
      try await record(call, result)
    } catch {
      guard let sink = call.sink, sink.hasBegun else { throw error }
      await sink.fail(error)
      return nil
    }
    guard let sink = call.sink, sink.hasBegun else { return try whole(call, result, parsedAt: parsedAt) }
    await end(sink, call, result)
    return nil
  }

  /// The answer in one piece.
  @inline(never)
  private func whole(
    _ call: ChatCall, _ result: DispatchResult, parsedAt: MonotonicTime
  ) throws(APIError) -> Response {
    switch result.ending {
    case .answered(let answer):
      var response = Response.json(status: 200, body(answer, call, result))
      response.fields.addProvider(of: result, call: call, parsedAt: parsedAt)
      return response
    case .failed(let error), .broken(let error): throw error
    case .cancelled: throw Self.clientGone
    }
  }

  private func body(_ answer: ChatAnswer, _ call: ChatCall, _ result: DispatchResult) -> [UInt8] {
    switch call.request.surface {
    case .generate: GenerateAnswer.body(answer, call, result)
    case .chatPrompt: ChatPromptAnswer.body(answer, call, result)
    case .openAIChat, .openAICompletions, .openAIResponses, .openAIEmbeddings, .anthropicMessages:
      AnswerWriter.body(
        of: answer, for: call.request,
        identity: AnswerIdentity(
          id: call.id, model: result.provider?.configuration.model ?? "",
          created: WallClock.millisecondsSince1970() / 1_000))
    }
  }

  /// What closes a stream that has begun.
  @inline(never)
  private func end(_ sink: StreamSink, _ call: ChatCall, _ result: DispatchResult) async {
    switch result.ending {
    case .answered(let answer):
      let summary = call.request.surface.isNative ? body(answer, call, result) : []
      await sink.finish(usage: answer.usage, summary: summary)
    case .failed(let error), .broken(let error): await sink.fail(error)
    case .cancelled: await sink.fail(Self.clientGone)
    }
  }

  /// Writes the call's ledger line, and counts it.
  @inline(never)
  private func record(_ call: ChatCall, _ result: DispatchResult) async throws(APIError) {
    if case .answered(let answer) = result.ending, let provider = result.provider {
      call.learn(from: answer, by: provider, now: result.endedAt)
    }
    let record = UsageRecord(of: call, result)
    defer {
      state.totals.record(record, shard: loopIndex, now: result.endedAt)
      state.history.add(record)
    }
    note(call, result, at: record.time)
    do throws(UsageLogError) {
      try await ledger.commit(record)
      if let slot = result.slot { inFlight.end(slot) }
      inFlight.endWaiting(writtenTo: state.log)
    } catch {
      // The line waits in memory. Where that is no way to serve, the slot holds it as well, for the next start.
      guard call.snapshot.configuration.ledger.onError == .serve else {
        if let slot = result.slot { inFlight.keep(slot, record, isAccepted: error.isAccepted) }
        throw GatewayState.ledgerError
      }
      if let slot = result.slot { inFlight.end(slot) }
    }
  }

  /// Has the call's decision written beside its ledger line.
  private func note(_ call: borrowing ChatCall, _ result: borrowing DispatchResult, at time: Timestamp) {
    let (snapshot, attempts, plan) = (call.snapshot, result.attempts, result.plan)
    let line = DecisionLine(
      result.routing, plan, isStrategyAsked: call.request.priority != nil, plannedAt: result.plannedAt,
      deadline: call.deadline)
    ledger.note(heading: snapshot.decisionHeading) { bytes in
      line.append(
        to: &bytes, id: call.id, heading: snapshot.decisionHeading.key, time: time, endedAt: result.endedAt,
        attemptCount: attempts.count
      ) { number in
        let attempt = attempts[number]
        let tried = plan.order.first { snapshot.providers[$0.index].id == attempt.provider }
        return (tried?.index ?? 0, attempt.outcome, attempt.latency)
      }
    }
  }

  /// `POST /v1/messages/count_tokens`: an estimate, since nobody is asked.
  func countTokens(_ request: ServerRequest) throws(APIError) -> Response {
    do throws(Providers.RequestError) {
      let document = try RequestBody.object(from: request.body)
      return .json(status: 200, AnswerWriter.tokenCount(of: try ChatRequest(anthropicMessages: document)))
    } catch {
      throw .invalidRequest(error.message, param: error.param)
    }
  }

  /// Reads the body as a call. One that is not `isForReal` is only planned, for `/routing/explain`.
  @inline(never)
  func decode(
    _ exchange: Exchange, surface: Surface, client: AccessControl.Client?, isForReal: Bool
  ) throws(APIError) -> ChatCall {
    let snapshot = state.snapshot
    var chat: ChatRequest
    var warnings: [String] = []
    do throws(Providers.RequestError) {
      chat = try ChatRequest(RequestBody.object(from: exchange.request.body), surface: surface)
      try chat.addTags(headers: exchange.request.headers(ChatRequest.tagHeader))
      if let limit = PromptTrimming.limit(for: chat, snapshot.configuration.prompt),
        let (trimmed, warning) = try PromptTrimming.trimmed(chat, toTokens: limit)
      {
        chat = trimmed ?? chat
        warnings.append(warning)
      }
    } catch {
      throw .invalidRequest(error.message, param: error.param)
    }
    let receivedAt = exchange.request.receivedAt
    return ChatCall(
      id: exchange.id, surface: chat.surface.ledgerName, request: chat, snapshot: snapshot, client: client,
      intent: Intent.detect(in: chat.lastUserText().span),
      strategy: RankingStrategy(chat.priority, default: snapshot.configuration.routing.strategy),
      receivedAt: receivedAt, deadline: receivedAt + (chat.timeout ?? snapshot.configuration.routing.timeout),
      cancellation: Cancellation(),
      sink: isForReal && chat.isStreaming
        ? StreamSink(
          writer: exchange.writer, exchange: exchange, request: chat, id: exchange.id, warnings: warnings)
        : nil, warnings: warnings)
  }

  private static let draining = APIError(
    503, .serviceUnavailable, code: "draining",
    message: "The gateway is shutting down; try another, or try again.", retryAfterSeconds: 1)

  /// Nobody reads it; the connection is closed after it.
  private static let clientGone = APIError(
    499, .invalidRequest, code: "client_closed_request", message: "The client closed the connection.")
}

extension Surface {
  /// Whether the caller speaks the gateway's own form.
  var isNative: Bool { self == .generate || self == .chatPrompt }

  /// The name that a surface has in the ledger.
  fileprivate var ledgerName: String {
    switch self {
    case .generate: "generate"
    case .chatPrompt: "chat"
    case .openAIChat: "openai.chat"
    case .openAICompletions: "openai.completions"
    case .openAIResponses: "openai.responses"
    case .openAIEmbeddings: "openai.embeddings"
    case .anthropicMessages: "anthropic.messages"
    }
  }
}

extension RankingStrategy {
  /// The caller's wish, else the file's.
  init(_ wish: ChatRequest.Priority?, default strategy: RoutingStrategy) {
    switch (wish, strategy) {
    case (.cost, _), (nil, .cost): self = .cost
    case (.speed, _), (nil, .speed): self = .speed
    case (.quality, _), (nil, .quality): self = .quality
    case (nil, .weighted): self = .weighted
    }
  }
}

extension ResponseFields {
  /// What an answer that used a provider says in its head.
  fileprivate mutating func addProvider(of result: DispatchResult, call: ChatCall, parsedAt: MonotonicTime) {
    guard let provider = result.provider else { return }
    add(provider.answerFields)
    add("x-tollgate-cost-usd", capacity: Money.maximumDecimalSize) { result.cost.appendDecimal(to: &$0) }
    add("x-tollgate-attempts", result.attempts.count)
    add(warnings: call.warnings(result.warnings, from: provider))
    addTiming(
      receivedAt: call.receivedAt, parsedAt: parsedAt, routedAt: result.routedAt, endedAt: result.endedAt)
  }
}
