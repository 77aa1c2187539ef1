internal import Configuration
internal import CurlClient
internal import GatewayTypes
internal import Providers
internal import Reactor

/// Makes single attempts at providers, whatever their kind, for one loop.
final class Upstream {
  private let loop: EventLoop
  private let transport: CurlMultiplexer

  /// Bytes of an answer: the largest text answers have some 500 kB.
  private static let maxAnswerSize = 16_777_216
  /// How long a mock whose behaviour is `slow` takes when the file does not say.
  private static let slowMockLatency: Duration = .seconds(30)

  init(loop: EventLoop, transport: CurlMultiplexer) {
    self.loop = loop
    self.transport = transport
  }

  /// One attempt. It ends by the call's deadline and the provider's own timeout.
  func attempt(_ call: ChatCall, at provider: ConfiguredProvider) async -> AttemptResult {
    switch provider.reach {
    case .network(let endpoint): await ask(endpoint, call, provider.configuration)
    case .mock: await play(call, provider.configuration)
    case .disabled: preconditionFailure("the router leaves out what the file disables")
    }
  }

  private func attemptTimeout(_ call: ChatCall, _ provider: ProviderConfiguration, now: MonotonicTime)
    -> Duration
  {
    min(provider.timeout ?? .seconds(3_600), call.deadline - now)
  }

  // MARK: Over the network

  private func ask(_ endpoint: Endpoint, _ call: ChatCall, _ provider: ProviderConfiguration) async
    -> AttemptResult
  {
    let started = MonotonicTime.now()
    let transfer = transport.start(
      TransferRequest(
        endpoint: endpoint,
        body: OpenAIRequestBody.bytes(
          for: call.request, model: provider.model, maxTokens: boundedTokens(call.request, provider)),
        timeouts: TransferTimeouts(
          total: attemptTimeout(call, provider, now: started), firstByte: provider.firstTokenTimeout,
          idle: provider.idleTimeout),
        maxBodySize: Self.maxAnswerSize))
    call.cancellation.onCancel { transfer.cancel() }
    defer { call.cancellation.onCancel(nil) }
    do throws(TransferError) {
      let body = try await transfer.wholeBody()
      return read(body, of: transfer, call, provider, started: started)
    } catch {
      return failure(error, call)
    }
  }

  private func boundedTokens(_ request: ChatRequest, _ provider: ProviderConfiguration) -> Int? {
    guard let asked = request.maxTokens else { return nil }
    return min(asked, provider.maxOutputTokens ?? asked)
  }

  private func read(
    _ body: [UInt8], of transfer: Transfer, _ call: ChatCall, _ provider: ProviderConfiguration,
    started: MonotonicTime
  ) -> AttemptResult {
    guard let head = transfer.head else {
      return .failed(ProviderFailure(.malformedResponse, reason: "the answer has no head"))
    }
    guard head.status == 200 else {
      return .failed(
        ProviderFailure(
          status: head.status, body: body, retryAfter: head.retryAfter,
          now: WallClock.millisecondsSince1970() / 1_000, secret: provider.apiKey?.text))
    }
    guard head.isJSON else {
      return .failed(ProviderFailure(.malformedResponse, reason: "the answer's content type is not JSON"))
    }
    do throws(ProviderFailure) {
      let answer = try OpenAIResponse.answer(from: body, input: call.request.inputSize)
      return .answered(answer, timeToFirstByte: (transfer.firstByteAt ?? started) - started)
    } catch {
      return .failed(error)
    }
  }

  private func failure(_ error: TransferError, _ call: ChatCall) -> AttemptResult {
    switch error {
    case .connectionFailed(let words), .tlsFailed(let words):
      .failed(ProviderFailure(.transient, reason: words))
    case .timedOut(let phase):
      .failed(ProviderFailure(.timeout, reason: "no answer in time (\(phase.rawValue))"))
    case .cut:
      .failed(ProviderFailure(.malformedResponse, reason: "the connection ended before the answer did"))
    case .malformed: .failed(ProviderFailure(.malformedResponse, reason: "the answer is not HTTP"))
    case .tooLarge:
      .failed(
        ProviderFailure(.malformedResponse, reason: "the answer is larger than \(Self.maxAnswerSize) bytes"))
    // Nothing was delivered; the provider has read the input, and charges it.
    case .cancelled: .cancelled(UsageReader.estimate(input: call.request.inputSize, escapedText: []))
    }
  }

  // MARK: Built in

  /// Plays a `kind: mock` provider as its configuration says.
  private func play(_ call: ChatCall, _ provider: ProviderConfiguration) async -> AttemptResult {
    let started = MonotonicTime.now()
    let configured = provider.latencyMilliseconds.map { Duration.milliseconds($0) }
    let latency = configured ?? (provider.mockBehavior == .slow ? Self.slowMockLatency : .zero)
    let timeout = attemptTimeout(call, provider, now: started)
    if latency > .zero {
      let pause = Pause(on: loop)
      call.cancellation.onCancel { pause.end() }
      await pause.wait(until: started + min(latency, timeout))
      call.cancellation.onCancel(nil)
    }
    if call.cancellation.isCancelled {
      return .cancelled(UsageReader.estimate(input: call.request.inputSize, escapedText: []))
    }
    guard latency < timeout else {
      return .failed(ProviderFailure(.timeout, reason: "no answer in time (total)"))
    }
    switch provider.mockBehavior {
    case .success, .slow:
      let answer = MockReply.answer(
        to: call.request, reply: provider.mockReply, maxTokens: boundedTokens(call.request, provider))
      return .answered(answer, timeToFirstByte: latency)
    case .failure: return .failed(ProviderFailure(.transient, reason: "the mock fails, as its behavior says"))
    case .rateLimit:
      return .failed(ProviderFailure(.rateLimited, reason: "the mock is rate limited, as its behavior says"))
    case .cut:
      return .failed(
        ProviderFailure(.malformedResponse, reason: "the mock's answer is cut, as its behavior says"))
    }
  }
}

extension Transfer.Head {
  /// Whether the answer says that it is JSON, or says nothing; `text/plain` is what careless servers send.
  fileprivate var isJSON: Bool {
    guard let contentType else { return true }
    // Nearly every answer says just this; text search costs more than all else that is done with a head.
    if contentType.utf8.starts(with: "application/json".utf8) { return true }
    let lowercased = contentType.lowercased()
    return lowercased.contains("json") || lowercased.hasPrefix("text/plain")
  }
}
