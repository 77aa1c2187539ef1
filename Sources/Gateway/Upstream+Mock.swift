internal import Configuration
internal import GatewayTypes
internal import Providers
internal import Reactor

extension Upstream {
  /// How long a mock whose behaviour is `slow` takes when the file does not say.
  private static let slowLatency: Duration = .seconds(30)

  /// Plays a `kind: mock` provider as its configuration says.
  func play(_ attempting: Attempting) async -> AttemptResult {
    let started = MonotonicTime.now()
    let call = attempting.call
    guard call.request.choiceCount == 1 else { return .untranslatable(Self.severalAnswers) }
    let provider = attempting.configuration
    let configured = provider.latencyMilliseconds.map { Duration.milliseconds($0) }
    let latency = configured ?? (provider.mockBehavior == .slow ? Self.slowLatency : .zero)
    let timeout = Self.timeout(attempting, now: started)
    if latency > .zero {
      let pause = Pause(on: loop)
      attempting.cancellation.onCancel { pause.end() }
      await pause.wait(until: started + min(latency, timeout))
      attempting.cancellation.onCancel(nil)
    }
    if attempting.cancellation.isCancelled {
      return .cancelled(UsageReader.estimate(input: call.request.inputSize, escapedText: []))
    }
    guard latency < timeout else {
      return .failed(ProviderFailure(.timeout, reason: "no answer in time (total)"))
    }
    switch provider.mockBehavior {
    case .success, .slow: return await answer(attempting, latency: latency)
    case .cut where call.sink != nil: return await answer(attempting, latency: latency)
    case .failure: return .failed(ProviderFailure(.transient, reason: "the mock fails, as its behavior says"))
    case .rateLimit:
      return .failed(ProviderFailure(.rateLimited, reason: "the mock is rate limited, as its behavior says"))
    case .cut: return .failed(Self.cut)
    }
  }

  private static let severalAnswers = RequestError(
    message: "a mock gives one answer, to one prompt: leave `n` out, or choose another provider", param: "n")

  private static let cut = ProviderFailure(
    .malformedResponse, reason: "the mock's answer is cut, as its behavior says")

  private func answer(_ attempting: Attempting, latency: Duration) async -> AttemptResult {
    let provider = attempting.configuration
    let answer = MockReply.answer(
      to: attempting.call.request, reply: provider.mockReply,
      maxTokens: attempting.maxTokens ?? attempting.call.request.maxTokens)
    guard let sink = attempting.sink else { return .answered(answer, timeToFirstToken: latency) }

    // A form that no caller speaks, so that every caller's own is written from these events.
    await sink.begin(attempting.provider, format: .gemini, attempts: attempting.number)
    let words = answer.escapedText.split(after: UInt8(ascii: " "))
    let isCut = provider.mockBehavior == .cut
    for word in isCut ? words.prefix(words.count / 2) : words[...] {
      await sink.write([.text(word, choice: 0)])
    }
    if isCut { return .broken(Self.cut, answer.usage, timeToFirstToken: latency) }
    await sink.write([.finish(reason: answer.finishReason ?? "stop", choice: 0), .end(raw: [])])
    return .answered(answer, timeToFirstToken: latency)
  }
}

extension ArraySlice<UInt8> {
  /// The pieces that end with `separator`, and what is left.
  fileprivate func split(after separator: UInt8) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start = startIndex
    for index in indices where self[index] == separator {
      pieces.append(self[start...index])
      start = index + 1
    }
    if start < endIndex { pieces.append(self[start...]) }
    return pieces
  }
}
