internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import HTTP
internal import HTTPServer
internal import JSON
internal import Providers
internal import Reactor
internal import Routing

/// The paths that ask a model: decode, dispatch, record, answer.
struct ChatHandler {
  let state: GatewayState
  let dispatcher: Dispatcher
  let ledger: LedgerBatch
  let loopIndex: Int

  /// Which form the caller speaks.
  enum Surface: String {
    case generate
    /// `/chat/completions` with a `prompt`.
    case chat
  }

  /// Answers one request. Throws what is refused before any provider is thought of.
  func respond(
    to request: ServerRequest, surface: Surface, id: String, client: AccessControl.Client?,
    writer: ResponseWriter
  ) async throws(APIError) -> Response {
    if state.isDraining { throw Self.draining }
    try client?.admit(now: request.receivedAt)
    let call = try decode(request, surface: surface, id: id, client: client)
    if let refusal = state.ledgerRefusal { throw refusal }
    writer.onClientGone { call.cancellation.cancel() }
    let parsedAt = MonotonicTime.now()
    let result = await dispatcher.dispatch(call)
    writer.onClientGone(nil)
    try await record(call, result)

    switch result.ending {
    case .answered(let answer):
      let body =
        switch surface {
        case .generate: GenerateAnswer.body(answer, call, result)
        case .chat: ChatPromptAnswer.body(answer, call, result)
        }
      var response = Response.json(status: 200, body)
      response.fields.addProvider(of: result, call: call, parsedAt: parsedAt)
      return response
    case .failed(let error): throw error
    case .cancelled: throw Self.clientGone
    }
  }

  /// Writes the call's ledger line, and counts it.
  private func record(_ call: ChatCall, _ result: DispatchResult) async throws(APIError) {
    let record = UsageRecord(of: call, result)
    defer {
      state.totals.record(record, shard: loopIndex, now: result.endedAt)
      state.history.add(record)
    }
    do throws(UsageLogError) {
      try await ledger.commit(record)
    } catch {
      guard call.snapshot.configuration.ledger.onError == .serve else { throw GatewayState.ledgerError }
    }
  }

  /// Reads the body as a call; also what `/routing/explain` plans without making it.
  func decode(
    _ request: ServerRequest, surface: Surface, id: String, client: AccessControl.Client?
  ) throws(APIError) -> ChatCall {
    let chat: ChatRequest
    do throws(Providers.RequestError) {
      chat = try ChatRequest(generate: RequestBody.object(from: request.body))
    } catch {
      throw .invalidRequest(error.message, param: error.param)
    }
    let snapshot = state.snapshot
    return ChatCall(
      id: id, surface: surface.rawValue, request: chat, snapshot: snapshot, client: client,
      intent: Intent.detect(in: chat.lastUserText().span),
      strategy: RankingStrategy(chat.priority, default: snapshot.configuration.routing.strategy),
      receivedAt: request.receivedAt,
      deadline: request.receivedAt + (chat.timeout ?? snapshot.configuration.routing.timeout),
      cancellation: Cancellation())
  }

  private static let draining = APIError(
    503, .serviceUnavailable, code: "draining",
    message: "The gateway is shutting down; try another, or try again.", retryAfterSeconds: 1)

  /// Nobody reads it; the connection is closed after it.
  private static let clientGone = APIError(
    499, .invalidRequest, code: "client_closed_request", message: "The client closed the connection.")
}

extension RankingStrategy {
  /// The caller's wish, else the file's.
  init(_ wish: ChatRequest.Priority?, default strategy: RoutingStrategy) {
    switch (wish, strategy) {
    case (.cost, _), (nil, .cost): self = .cost
    case (.speed, _), (nil, .speed): self = .speed
    case (.quality, _), (nil, .quality): self = .quality
    }
  }
}

extension ResponseFields {
  /// What an answer that used a provider says in its head.
  fileprivate mutating func addProvider(of result: DispatchResult, call: ChatCall, parsedAt: MonotonicTime) {
    guard let provider = result.provider else { return }
    add("x-tollgate-provider", provider.id.text)
    add("x-tollgate-model", provider.configuration.model)
    var cost: [UInt8] = []
    result.cost.appendDecimal(to: &cost)
    add("x-tollgate-cost-usd", bytes: cost[...])
    add("x-tollgate-attempts", result.attempts.count)
    var timing: [UInt8] = []
    timing.appendTiming("parse", parsedAt - call.receivedAt)
    timing.appendTiming("route", result.routedAt - parsedAt)
    timing.appendTiming("upstream", result.endedAt - result.routedAt)
    timing.appendTiming("total", result.endedAt - call.receivedAt)
    add("Server-Timing", bytes: timing[...])
  }
}

extension [UInt8] {
  /// One entry of `Server-Timing`, in milliseconds with microseconds.
  fileprivate mutating func appendTiming(_ name: StaticString, _ duration: Duration) {
    if !isEmpty { appendStatic(", ") }
    appendStatic(name)
    appendStatic(";dur=")
    let microseconds = Int(Swift.max(0, duration.wholeNanoseconds / 1_000))
    Money(picodollars: Int128(microseconds) * 1_000_000_000).appendDecimal(to: &self)
  }
}
