internal import Configuration
internal import CurlClient
internal import GatewayTypes
internal import Providers
internal import Reactor

extension Upstream {
  /// The longest that a stream may take in all: none that is alive is longer, and none that is not is kept.
  private static let longestStream: Duration = .seconds(3_600)
  /// How long a stream may be silent, where the file does not say.
  private static let usualIdleTimeout: Duration = .seconds(60)
  /// Silence after which the caller is shown that somebody is there; proxies cut at 30 to 60 s.
  private static let keepAliveInterval: Duration = .seconds(15)
  /// How long the connection may stay open after the stream's proper end, for the next call to use.
  private static let lingerTimeout: Duration = .seconds(1)

  /// One attempt whose answer goes to the caller as it arrives.
  ///
  /// The call's deadline holds until the first token; after that a stream may last as long as it is
  /// alive, unless the caller set a time of its own.
  func stream(
    _ endpoint: Endpoint, _ body: [UInt8], _ format: UpstreamFormat, _ attempting: Attempting,
    to sink: AttemptSink
  ) async -> AttemptResult {
    let started = MonotonicTime.now()
    let call = attempting.call
    let total = call.request.timeout == nil ? Self.longestStream : call.deadline - started
    let transfer = transport.start(
      TransferRequest(
        endpoint: endpoint, body: body,
        timeouts: TransferTimeouts(
          total: total, idle: attempting.configuration.idleTimeout ?? Self.usualIdleTimeout),
        maxBodySize: Self.maxAnswerSize))
    attempting.cancellation.onCancel { transfer.cancel() }
    let watch = StreamWatch(transfer, on: loop)
    let untilFirstToken = min(
      Self.timeout(attempting, now: started), attempting.configuration.firstTokenTimeout ?? .seconds(86_400))
    watch.expectFirstToken(by: started + untilFirstToken)
    defer {
      attempting.cancellation.onCancel(nil)
      watch.end()
    }
    var passage = StreamPassage(
      reader: StreamReader(
        format: format, passesThrough: format.passesThrough(call.request.surface),
        choiceCount: call.request.choiceCount),
      format: format, attempting: attempting, started: started)
    do throws(TransferError) {
      while let piece = try await transfer.nextPiece() {
        if piece.isEmpty {
          await sink.keepAlive()
          watch.expectPiece(within: Self.keepAliveInterval)
          continue
        }
        if let refusal = try await refused(transfer, first: piece, attempting, hasBegun: sink.hasBegun) {
          return .failed(refusal)
        }
        await passage.pass(piece, to: sink)
        if let result = passage.ending {
          transfer.cancel()
          return result
        }
        if sink.hasBegun { watch.expectPiece(within: Self.keepAliveInterval) }
        if passage.isComplete { watch.expectEnd(within: Self.lingerTimeout) }
      }
      return await passage.ended(to: sink)
    } catch .cancelled where passage.isComplete {
      return await passage.ended(to: sink)
    } catch .cancelled where !watch.isLate {
      return .cancelled(passage.usage)
    } catch {
      let failure: ProviderFailure =
        watch.isLate ? ProviderFailure(.timedOut(.firstByte)) : ProviderFailure(error)
      return passage.broken(by: failure, hasBegun: sink.hasBegun)
    }
  }

  /// What the provider's head says, looked at with the first piece: a status or a type that is no stream's.
  private func refused(
    _ transfer: Transfer, first piece: [UInt8], _ attempting: Attempting, hasBegun: Bool
  ) async throws(TransferError) -> ProviderFailure? {
    guard !hasBegun else { return nil }
    guard let head = transfer.head else { return .headless }
    if head.status == 200, head.isEventStream { return nil }
    var body = piece
    while body.count < Self.maxRefusalSize, let more = try await transfer.nextPiece() { body += more }
    transfer.cancel()
    guard head.status == 200 else { return Self.refusal(head, body: body, attempting) }
    return ProviderFailure(.malformedResponse, reason: "the answer's content type is not an event stream")
  }

  /// Bytes of an error's body that are read.
  private static let maxRefusalSize = 65_536
}

/// A stream on its way from a provider to the caller: what was read, and what came of it.
private struct StreamPassage {
  private var reader: StreamReader
  private let format: UpstreamFormat
  private let attempting: Attempting
  private let started: MonotonicTime
  /// Events that wait for the first token.
  private var held: [StreamEvent] = []
  private var firstTokenAt: MonotonicTime?
  /// The whole text, for the native surface, whose last event holds it.
  private var text: [UInt8] = []
  /// Set once the stream has failed.
  private(set) var ending: AttemptResult?

  init(reader: StreamReader, format: UpstreamFormat, attempting: Attempting, started: MonotonicTime) {
    self.reader = reader
    self.format = format
    self.attempting = attempting
    self.started = started
  }

  var isComplete: Bool { reader.isComplete }
  /// What is to be charged for what has come so far.
  var usage: TokenUsage { reader.usage(input: attempting.call.request.inputSize) }

  private var timeToFirstToken: Duration { (firstTokenAt ?? started) - started }

  /// Reads a piece and passes on what it completes.
  mutating func pass(_ piece: [UInt8], to sink: AttemptSink) async {
    var events: [StreamEvent] = []
    reader.read(piece.span, into: &events)
    await pass(events, to: sink)
  }

  private mutating func pass(_ events: [StreamEvent], to sink: AttemptSink) async {
    if attempting.call.request.surface.isNative { keepText(of: events) }
    if !sink.hasBegun {
      guard reader.hasToken else {
        held += events
        if let failure = events.failure { ending = broken(by: failure, hasBegun: false) }
        return
      }
      firstTokenAt = .now()
      await sink.begin(attempting.provider, format: format, attempts: attempting.number)
    }
    await sink.write(held + events)
    held = []
    if let failure = events.failure { ending = broken(by: failure, hasBegun: true) }
  }

  private mutating func keepText(of events: [StreamEvent]) {
    for case .text(let piece, choice: 0) in events where text.count < Upstream.maxAnswerSize { text += piece }
  }

  /// The provider has closed the stream.
  mutating func ended(to sink: AttemptSink) async -> AttemptResult {
    var events: [StreamEvent] = []
    reader.finish(into: &events)
    await pass(events, to: sink)
    if let ending { return ending }
    var answer = ChatAnswer(escapedText: text[...], finishReason: reader.finishReason, usage: usage)
    answer.model = reader.model
    return .answered(answer, timeToFirstToken: timeToFirstToken)
  }

  /// What the stream comes to when it breaks off here.
  func broken(by failure: ProviderFailure, hasBegun: Bool) -> AttemptResult {
    guard hasBegun else { return .failed(failure) }
    return .broken(failure, usage, timeToFirstToken: timeToFirstToken)
  }
}

extension [StreamEvent] {
  fileprivate var failure: ProviderFailure? {
    for case .failure(let failure) in self { return failure }
    return nil
  }
}

/// The clock of one stream: ends it when its first token is late, and wakes its reader in a long silence.
private final class StreamWatch {
  private enum Purpose { case firstToken, silence, end }

  private let transfer: Transfer
  private let loop: EventLoop
  private var timer: LoopTimer?
  private var purpose = Purpose.firstToken
  /// Whether the first token did not come in time.
  private(set) var isLate = false

  init(_ transfer: Transfer, on loop: EventLoop) {
    self.transfer = transfer
    self.loop = loop
    timer = LoopTimer { [weak self] in self?.fired() }
  }

  func expectFirstToken(by deadline: MonotonicTime) { set(.firstToken, deadline) }
  func expectPiece(within time: Duration) { set(.silence, .now() + time) }
  func expectEnd(within time: Duration) { set(.end, .now() + time) }

  private func set(_ purpose: Purpose, _ deadline: MonotonicTime) {
    self.purpose = purpose
    if let timer { loop.set(timer, to: deadline) }
  }

  private func fired() {
    switch purpose {
    case .firstToken:
      isLate = true
      transfer.cancel()
    case .silence: transfer.nudge()
    case .end: transfer.cancel()
    }
  }

  func end() {
    if let timer { loop.discard(timer) }
    timer = nil
  }
}
