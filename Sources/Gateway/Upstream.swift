internal import Configuration
internal import CurlClient
internal import GatewayTypes
internal import Providers
internal import Reactor

/// One attempt that is to be made.
struct Attempting {
  let call: ChatCall
  let provider: ConfiguredProvider
  /// The bound of the answer that the reservation was made for; nil leaves the caller's as it is.
  let maxTokens: Int?
  /// How many attempts there are with this one.
  let number: Int
  /// Which of the provider's keys it is made with.
  let key: Int
  /// The tokens of the whole answer that were set aside under a budget; nil is none.
  let outputLimit: Int?
  /// Ends it: the caller's hang-up, or that of two attempts the other one has won.
  let cancellation: Cancellation
  /// Nil for an attempt that is alone.
  let race: HedgeRace?

  /// An attempt; one of two at once ends by the `race` that it is in.
  init(
    call: ChatCall, provider: ConfiguredProvider, maxTokens: Int?, number: Int, key: Int,
    outputLimit: Int?, race: HedgeRace? = nil
  ) {
    self.call = call
    self.provider = provider
    self.maxTokens = maxTokens
    self.number = number
    self.key = key
    self.outputLimit = outputLimit
    self.race = race
    cancellation = race?.enter(number) ?? call.cancellation
  }

  /// The same one as one of two at once.
  func joining(_ race: HedgeRace) -> Attempting {
    Attempting(
      call: call, provider: provider, maxTokens: maxTokens, number: number, key: key,
      outputLimit: outputLimit, race: race)
  }

  var configuration: ProviderConfiguration { provider.configuration }

  /// The key that it is made with.
  var secret: Secret? {
    configuration.apiKeys.indices.contains(key) ? configuration.apiKeys[key] : nil
  }

  /// Where a streamed answer goes; nil for one that is taken whole.
  var sink: AttemptSink? { call.sink.map { AttemptSink($0, race: race, number: number) } }
}

/// Makes single attempts at providers, whatever their kind, for one loop.
final class Upstream {
  let loop: EventLoop
  let transport: Transport

  /// Bytes of an answer that is taken whole: the largest text answers have some 500 kB.
  static let maxAnswerSize = 16_777_216

  init(loop: EventLoop, transport: Transport) {
    self.loop = loop
    self.transport = transport
  }

  /// One attempt. It ends by the call's deadline and the provider's own timeout.
  func attempt(_ attempting: Attempting) async -> AttemptResult {
    switch attempting.provider.reach {
    case .network(let endpoints): await ask(endpoints[attempting.key], attempting)
    case .mock: await play(attempting)
    case .disabled: preconditionFailure("the router leaves out what the file disables")
    }
  }

  /// What is left of the call's time, or the provider's own timeout if that is less.
  static func timeout(_ attempting: Attempting, now: MonotonicTime) -> Duration {
    let left = attempting.call.deadline - now
    return min(attempting.configuration.timeout ?? left, left)
  }

  private func ask(_ endpoints: EndpointSet, _ attempting: Attempting) async -> AttemptResult {
    let request = attempting.call.request
    let format = UpstreamFormat(
      for: request.surface, family: endpoints.family, servesResponses: endpoints.servesResponses)
    guard let endpoint = endpoints.endpoint(for: format, isStreaming: request.isStreaming) else {
      return .untranslatable(
        RequestError(
          message: "the provider '\(attempting.provider.id)' has no address for this kind of request"))
    }
    let body: [UInt8]
    do throws(RequestError) {
      body = try UpstreamBody.bytes(
        for: request, format: format, model: attempting.configuration.model, maxTokens: attempting.maxTokens,
        isStreaming: request.isStreaming)
    } catch {
      return .untranslatable(error)
    }
    if let sink = attempting.sink {
      return await stream(endpoint, body, format, attempting, to: sink)
    }
    return await whole(endpoint, body, format, attempting)
  }

  // MARK: Whole answers

  private func whole(
    _ endpoint: Endpoint, _ body: [UInt8], _ format: UpstreamFormat, _ attempting: Attempting
  ) async -> AttemptResult {
    let started = MonotonicTime.now()
    let transfer = transport.start(
      TransferRequest(
        endpoint: endpoint, body: body,
        timeouts: TransferTimeouts(
          total: Self.timeout(attempting, now: started),
          firstByte: attempting.configuration.firstTokenTimeout,
          idle: attempting.configuration.idleTimeout),
        maxBodySize: Self.maxAnswerSize))
    attempting.cancellation.onCancel { transfer.cancel() }
    defer { attempting.cancellation.onCancel(nil) }
    do throws(TransferError) {
      let answer = try await transfer.wholeBody()
      return read(answer, of: transfer, format, attempting, started: started)
    } catch .cancelled {
      // Nothing was delivered; the provider has read the input, and charges it.
      return .cancelled(UsageReader.estimate(input: attempting.call.request.inputSize, escapedText: []))
    } catch {
      return .failed(ProviderFailure(error))
    }
  }

  private func read(
    _ body: [UInt8], of transfer: Transfer, _ format: UpstreamFormat, _ attempting: Attempting,
    started: MonotonicTime
  ) -> AttemptResult {
    guard let head = transfer.head else { return .failed(.headless) }
    guard head.status == 200 else { return .failed(Self.refusal(head, body: body, attempting)) }
    guard head.isJSON else {
      return .failed(ProviderFailure(.malformedResponse, reason: "the answer's content type is not JSON"))
    }
    do throws(ProviderFailure) {
      let answer = try AnswerReader.answer(
        from: body, format: format, input: attempting.call.request.inputSize)
      return .answered(answer, timeToFirstToken: (transfer.firstByteAt ?? started) - started)
    } catch {
      return .failed(error)
    }
  }

  /// What a status other than 200 means.
  static func refusal(_ head: Transfer.Head, body: [UInt8], _ attempting: Attempting) -> ProviderFailure {
    ProviderFailure(
      status: head.status, body: body, retryAfter: head.retryAfter,
      now: WallClock.millisecondsSince1970() / 1_000, secret: attempting.secret?.text)
  }
}

extension ProviderFailure {
  static let headless = ProviderFailure(.malformedResponse, reason: "the answer has no head")

  /// What the transport could not bring.
  init(_ error: TransferError) {
    switch error {
    case .connectionFailed(let words), .tlsFailed(let words): self.init(.transient, reason: words)
    case .timedOut(let phase): self.init(.timeout, reason: "no answer in time (\(phase.rawValue))")
    case .cut: self.init(.malformedResponse, reason: "the connection ended before the answer did")
    case .malformed: self.init(.malformedResponse, reason: "the answer is not HTTP")
    case .tooLarge:
      self.init(.malformedResponse, reason: "the answer is larger than \(Upstream.maxAnswerSize) bytes")
    case .cancelled: preconditionFailure("a cancelled call is the caller's doing, not the provider's")
    }
  }
}

extension Transfer.Head {
  /// Whether the answer says that it is JSON, or says nothing; `text/plain` is what careless servers send.
  var isJSON: Bool {
    guard let contentType else { return true }
    // Nearly every answer says just this; text search costs more than all else that is done with a head.
    if contentType.hasPrefix("application/json") { return true }
    let lowercased = contentType.lowercased()
    return lowercased.contains("json") || lowercased.hasPrefix("text/plain")
  }

  /// Whether the answer says that it is an event stream, or says nothing.
  var isEventStream: Bool {
    guard let contentType = contentType?.lowercased() else { return true }
    return contentType.hasPrefix("text/event-stream") || contentType.hasPrefix("text/plain")
  }
}
