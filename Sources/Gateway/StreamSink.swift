internal import Configuration
internal import GatewayTypes
internal import HTTP
internal import HTTPServer
internal import JSON
internal import Providers
internal import Reactor

/// Where a streamed answer goes: the caller's connection, in the caller's form.
///
/// The status line is held until `begin`, so a provider that fails before its first token is never seen.
/// What closes the stream goes out with `finish`, after the call is in the ledger.
final class StreamSink {
  private let writer: ResponseWriter
  private let exchange: Exchange
  private let request: ChatRequest
  private let id: String
  private let warnings: [String]
  private var events: StreamWriter?
  /// When the request had been understood, and when it had been decided who would answer.
  var parsedAt: MonotonicTime
  var routedAt: MonotonicTime

  /// `warnings` are those that the call has before anybody is asked.
  init(writer: ResponseWriter, exchange: Exchange, request: ChatRequest, id: String, warnings: [String]) {
    self.writer = writer
    self.exchange = exchange
    self.request = request
    self.id = id
    self.warnings = warnings
    parsedAt = exchange.request.receivedAt
    routedAt = parsedAt
  }

  /// Whether the caller has the head of the answer: then no other provider can take over.
  var hasBegun: Bool { events != nil }

  /// Sends the head. `attempts` counts this one.
  func begin(_ provider: ConfiguredProvider, format: UpstreamFormat, attempts: Int) async {
    await writer.beginStream(status: 200, fields: start(provider, format: format, attempts: attempts))
  }

  /// Makes the writer of the events, and the fields of the head.
  ///
  /// By itself, as other functions of a stream are, so that what it needs on the way is on the thread's
  /// stack and not in a frame of the task that every stream keeps.
  @inline(never)
  private func start(_ provider: ConfiguredProvider, format: UpstreamFormat, attempts: Int) -> ResponseFields
  {
    let identity = AnswerIdentity(
      id: id, model: provider.configuration.model, created: WallClock.millisecondsSince1970() / 1_000)
    events = StreamWriter(for: request, format: format, identity: identity)
    var fields = ResponseFields()
    fields.add("Content-Type", "text/event-stream; charset=utf-8" as StaticString)
    fields.add("Cache-Control", "no-cache" as StaticString)
    // nginx would collect a stream before it passes it on.
    fields.add("X-Accel-Buffering", "no" as StaticString)
    fields.add(provider.answerFields)
    fields.add("x-tollgate-attempts", attempts)
    fields.add(warnings: warnings + provider.warnings)
    fields.addTiming(
      receivedAt: exchange.request.receivedAt, parsedAt: parsedAt, routedAt: routedAt, endedAt: .now())
    exchange.addCommonFields(to: &fields)
    return fields
  }

  /// Passes events on, all in one write. Waits while the caller reads slowly.
  func write(_ new: [StreamEvent]) async {
    await writer.write(bytes(of: new))
  }

  @inline(never)
  private func bytes(of new: [StreamEvent]) -> [UInt8] {
    var output: [UInt8] = []
    for event in new { events?.write(event, to: &output) }
    return output
  }

  /// Shows a caller that waits for a slow provider that somebody is there.
  @inline(never)
  func keepAlive() async {
    await writer.write(StreamWriter.keepAlive)
  }

  /// Closes a stream that came to its proper end.
  func finish(usage: TokenUsage, summary: [UInt8]) async {
    var output: [UInt8] = []
    events?.finish(usage: usage, summary: summary, to: &output)
    await writer.write(output)
    await writer.endStream()
  }

  /// Ends a stream that broke off: an error event, and then no proper end.
  func fail(_ error: APIError) async {
    guard events != nil else { return }
    await writer.write(event(telling: error))
    await writer.endStream(isComplete: false)
  }

  @inline(never)
  private func event(telling error: APIError) -> [UInt8] {
    events?.error(
      message: error.message, type: error.kind.rawValue, code: error.code, requestID: exchange.requestID)
      ?? []
  }
}
