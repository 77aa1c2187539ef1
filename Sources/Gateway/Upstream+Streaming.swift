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
    let transfer = begin(endpoint, body, attempting, started: started)
    attempting.cancellation.onCancel { transfer.cancel() }
    let watch = StreamWatch(transfer, on: loop)
    watch.expectFirstToken(by: Self.firstTokenDeadline(attempting, started: started))
    defer {
      attempting.cancellation.onCancel(nil)
      watch.end()
    }
    let passage = StreamPassage(format: format, attempting: attempting, started: started)
    await carry(transfer, passage, watch, to: sink)
    return passage.result()
  }

  /// Takes every piece to the caller, until the stream has come to an end of one kind or the other.
  private func carry(
    _ transfer: Transfer, _ passage: StreamPassage, _ watch: StreamWatch, to sink: AttemptSink
  )
    async
  {
    do throws(TransferError) {
      while let piece = try await transfer.nextPiece() {
        if piece.isEmpty {
          await sink.keepAlive()
          watch.expectPiece(within: Self.keepAliveInterval)
          continue
        }
        guard sink.hasBegun || Self.isStream(transfer.head) else {
          return try await passage.refuse(transfer, first: piece)
        }
        await passage.pass(piece, isLast: transfer.isOver, to: sink)
        if passage.isOver { return transfer.cancel() }
        if sink.hasBegun { watch.expectPiece(within: Self.keepAliveInterval) }
        if passage.isComplete { watch.expectEnd(within: Self.lingerTimeout) }
      }
      // An error may come without a body.
      guard sink.hasBegun || Self.isStream(transfer.head) else {
        return try await passage.refuse(transfer, first: [])
      }
      await passage.end(to: sink)
    } catch _ where passage.isComplete {
      // What goes wrong behind the stream's own end takes nothing from the answer.
      await passage.end(to: sink)
    } catch {
      passage.breakOff(watch.isLate ? .timedOut(.firstByte) : error, hasBegun: sink.hasBegun)
    }
  }

  /// By itself, as other functions here are, so that what it needs on the way is on the thread's stack and
  /// not in a frame of the task that every stream keeps.
  @inline(never)
  private func begin(
    _ endpoint: Endpoint, _ body: [UInt8], _ attempting: Attempting, started: MonotonicTime
  ) -> Transfer {
    let call = attempting.call
    let total = call.request.timeout == nil ? Self.longestStream : call.deadline - started
    return transport.start(
      TransferRequest(
        endpoint: endpoint, body: body,
        timeouts: TransferTimeouts(
          total: total, idle: attempting.configuration.idleTimeout ?? Self.usualIdleTimeout),
        maxBodySize: Self.maxAnswerSize))
  }

  @inline(never)
  private static func firstTokenDeadline(_ attempting: Attempting, started: MonotonicTime) -> MonotonicTime {
    let limit = attempting.configuration.firstTokenTimeout ?? .seconds(86_400)
    return started + min(timeout(attempting, now: started), limit)
  }

  @inline(never)
  private static func isStream(_ head: Transfer.Head?) -> Bool {
    guard let head else { return false }
    return head.status == 200 && head.isEventStream
  }
}

/// A stream on its way from a provider to the caller: what was read, and what came of it.
///
/// A class: as a struct it would stand several times in the frames of the task that waits for the provider.
private final class StreamPassage {
  private var reader: StreamReader
  private let format: UpstreamFormat
  private let attempting: Attempting
  private let started: MonotonicTime
  /// Events that wait for the first token.
  private var held: [StreamEvent] = []
  private var firstTokenAt: MonotonicTime?
  /// The whole text, for the native surface, whose last event holds it.
  private var text: [UInt8] = []
  /// Set once the stream has failed, or its caller has left.
  private var failure: AttemptResult?

  @inline(never)
  init(format: UpstreamFormat, attempting: Attempting, started: MonotonicTime) {
    let request = attempting.call.request
    reader = StreamReader(
      format: format, passesThrough: format.passesThrough(request.surface), choiceCount: request.choiceCount,
      outputLimit: attempting.outputLimit)
    self.format = format
    self.attempting = attempting
    self.started = started
  }

  var isComplete: Bool {
    @inline(never) get { reader.isComplete }
  }
  /// Whether nothing more is to be read: it has failed, or was cut at its bound, and the provider writes on.
  var isOver: Bool {
    @inline(never) get { failure != nil || reader.wasCut }
  }
  /// What is to be charged for what has come so far.
  private var usage: TokenUsage { reader.usage(input: attempting.call.request.inputSize) }

  private var timeToFirstToken: Duration { (firstTokenAt ?? started) - started }

  /// Reads a piece and passes on what it completes. `isLast` says that the transfer has ended with it, well
  /// or not.
  func pass(_ piece: [UInt8], isLast: Bool, to sink: AttemptSink) async {
    await pass(events(in: piece), isLast: isLast, to: sink)
  }

  @inline(never)
  private func events(in piece: [UInt8]) -> [StreamEvent] {
    var events: [StreamEvent] = []
    reader.read(piece.span, into: &events)
    return events
  }

  @inline(never)
  private func pass(_ events: [StreamEvent], isLast: Bool, to sink: AttemptSink) async {
    if attempting.call.request.surface.isNative { keepText(of: events) }
    guard !sink.hasBegun else {
      await sink.write(events)
      return noteFailure(in: events, hasBegun: true)
    }
    held += events
    noteFailure(in: events, hasBegun: false)
    // The failure that came along with the first token is seen before anything is sent: while the caller
    // has nothing, another provider can still take over.
    guard mayBegin(isLast: isLast) else { return }
    firstTokenAt = .now()
    await sink.begin(attempting.provider, format: format, attempts: attempting.number)
    await sink.write(held)
    held = []
  }

  @inline(never)
  private func mayBegin(isLast: Bool) -> Bool {
    failure == nil && reader.hasToken && (!isLast || reader.isComplete || reader.wasCut)
  }

  @inline(never)
  private func noteFailure(in events: [StreamEvent], hasBegun: Bool) {
    for case .failure(let failure) in events { self.failure = broken(by: failure, hasBegun: hasBegun) }
  }

  @inline(never)
  private func keepText(of events: [StreamEvent]) {
    for case .text(let piece, choice: 0) in events where text.count < Upstream.maxAnswerSize { text += piece }
  }

  /// What a head says whose status or type is no stream's.
  @inline(never)
  func refuse(_ transfer: Transfer, first piece: [UInt8]) async throws(TransferError) {
    var body = piece
    while body.count < Self.maxRefusalSize, let more = try await transfer.nextPiece() { body += more }
    transfer.cancel()
    failure = refusal(transfer.head, body)
  }

  /// Bytes of an error's body that are read.
  private static let maxRefusalSize = 65_536

  @inline(never)
  private func refusal(_ head: Transfer.Head?, _ body: [UInt8]) -> AttemptResult {
    guard let head else { return .failed(.headless) }
    guard head.status == 200 else { return .failed(Upstream.refusal(head, body: body, attempting)) }
    return .failed(
      ProviderFailure(.malformedResponse, reason: "the answer's content type is not an event stream"))
  }

  /// The provider has closed the stream.
  @inline(never)
  func end(to sink: AttemptSink) async {
    await pass(lastEvents(), isLast: true, to: sink)
  }

  @inline(never)
  private func lastEvents() -> [StreamEvent] {
    var events: [StreamEvent] = []
    reader.finish(into: &events)
    return events
  }

  /// The transfer breaks off here.
  @inline(never)
  func breakOff(_ error: TransferError, hasBegun: Bool) {
    failure = error == .cancelled ? .cancelled(usage) : broken(by: ProviderFailure(error), hasBegun: hasBegun)
  }

  /// What the stream came to.
  @inline(never)
  func result() -> AttemptResult {
    if let failure { return failure }
    var answer = ChatAnswer(escapedText: text[...], finishReason: reader.finishReason, usage: usage)
    answer.model = reader.model
    return .answered(answer, timeToFirstToken: timeToFirstToken)
  }

  /// What the stream comes to when it breaks off here. What it used is to be paid for either way.
  private func broken(by failure: ProviderFailure, hasBegun: Bool) -> AttemptResult {
    guard hasBegun else {
      var failure = failure
      if reader.hasToken || reader.statedUsage != nil { failure.usage = usage }
      return .failed(failure)
    }
    return .broken(failure, usage, timeToFirstToken: timeToFirstToken)
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

  @inline(never)
  func expectFirstToken(by deadline: MonotonicTime) { set(.firstToken, deadline) }
  @inline(never)
  func expectPiece(within time: Duration) { set(.silence, .now() + time) }
  @inline(never)
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
