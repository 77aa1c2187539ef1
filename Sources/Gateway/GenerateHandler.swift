internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import HTTP
internal import HTTPServer
internal import JSON
internal import Providers
internal import Reactor
internal import Routing

/// `POST /generate`: one prompt in, one answer out.
struct GenerateHandler {
  let state: GatewayState
  let dispatcher: Dispatcher
  let ledger: LedgerBatch
  let loopIndex: Int

  /// Decodes, dispatches, records, answers. Throws what is refused before any provider is thought of.
  func respond(
    to request: ServerRequest, id: String, client: AccessControl.Client?, writer: ResponseWriter
  ) async throws(APIError) -> Response {
    if state.isDraining { throw Self.draining }
    try client?.admit(now: request.receivedAt)
    let call = try decode(request, id: id, client: client)
    if let refusal = state.ledgerRefusal { throw refusal }
    writer.onClientGone { call.cancellation.cancel() }
    let parsedAt = MonotonicTime.now()
    let result = await dispatcher.dispatch(call)
    writer.onClientGone(nil)

    let record = UsageRecord(of: call, result)
    do throws(UsageLogError) {
      try await ledger.commit(record)
    } catch {
      guard call.snapshot.configuration.ledger.onError == .serve else { throw GatewayState.ledgerError }
    }
    state.totals.record(record, shard: loopIndex, now: result.endedAt)

    switch result.ending {
    case .answered(let answer):
      var response = Response.json(status: 200, Self.body(answer, call, result))
      response.fields.addProvider(of: result, model: answer.model, call: call, parsedAt: parsedAt)
      return response
    case .failed(let error): throw error
    case .cancelled: throw Self.clientGone
    }
  }

  private func decode(
    _ request: ServerRequest, id: String, client: AccessControl.Client?
  ) throws(APIError) -> ChatCall {
    let chat: ChatRequest
    do throws(Providers.RequestError) {
      chat = try ChatRequest(generate: RequestBody.object(from: request.body))
    } catch {
      throw .invalidRequest(error.message, param: error.param)
    }
    guard !chat.isStreaming else {
      throw .invalidRequest(
        "Streaming is not served on this path; leave 'stream' out, or set it to false.", param: "stream")
    }
    let snapshot = state.snapshot
    return ChatCall(
      id: id, surface: "generate", request: chat, snapshot: snapshot, client: client,
      intent: Intent.detect(in: chat.lastUserText().span),
      strategy: RankingStrategy(chat.priority, default: snapshot.configuration.routing.strategy),
      receivedAt: request.receivedAt,
      deadline: request.receivedAt + (chat.timeout ?? snapshot.configuration.routing.timeout),
      cancellation: Cancellation())
  }

  private static let draining = APIError(
    503, .serviceUnavailable, code: "draining",
    message: "The gateway is shutting down; try another, or try again.",
    retryAfterSeconds: 1)

  /// Nobody reads it; the connection is closed after it.
  private static let clientGone = APIError(
    499, .invalidRequest, code: "client_closed_request", message: "The client closed the connection.")

  /// The body of a good answer.
  private static func body(_ answer: ChatAnswer, _ call: ChatCall, _ result: DispatchResult) -> [UInt8] {
    var writer = JSONWriter(reserveCapacity: answer.escapedText.count + 640)
    writer.beginObject()
    writer.member("id", call.id)
    writer.member("status", "success" as StaticString)
    writer.member("provider", result.provider?.id.text ?? "")
    writer.member("modelUsed", result.provider?.configuration.model ?? "")
    writer.key("response")
    writer.string(escapedContent: answer.escapedText)
    writer.member("tokens", answer.usage.total)
    writer.key("usage")
    writer.usage(answer.usage)
    writer.member("cost", result.cost)
    writer.member("latency", seconds: result.endedAt - call.receivedAt)
    writer.member("intent", call.intent.rawValue)
    writer.optionalMember("finish_reason", answer.finishReason)
    writer.attempts(result.attempts)
    writer.key("warnings")
    writer.beginArray()
    for warning in warnings(call, result) { writer.value(warning) }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }

  private static func warnings(_ call: ChatCall, _ result: DispatchResult) -> [String] {
    var warnings: [String] = []
    if result.provider?.configuration.demoOnly == true {
      warnings.append(
        "the answer comes from the built-in demo provider; set a provider's API key to ask a real model")
    }
    return warnings
  }
}

extension JSONWriter {
  /// The usage of an answer, in the names of OpenAI.
  mutating func usage(_ usage: TokenUsage) {
    beginObject()
    member("prompt_tokens", usage.input)
    member("completion_tokens", usage.output)
    member("total_tokens", usage.total)
    member("cached_tokens", usage.cacheRead)
    member("reasoning_tokens", usage.reasoning)
    member("estimated", usage.isEstimated)
    endObject()
  }
}

extension RankingStrategy {
  /// The caller's wish, else the file's.
  init(_ wish: ChatRequest.Priority?, default strategy: RoutingStrategy) {
    switch wish {
    case .cost: self = .cost
    case .speed: self = .speed
    case .quality: self = .quality
    case nil:
      switch strategy {
      case .cost: self = .cost
      case .speed: self = .speed
      case .quality: self = .quality
      }
    }
  }
}

extension ResponseFields {
  /// What an answer that used a provider says in its head.
  fileprivate mutating func addProvider(
    of result: DispatchResult, model: String?, call: ChatCall, parsedAt: MonotonicTime
  ) {
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
