import Configuration
import GatewayTypes
import Testing

@testable import Simulation

@Suite("ScriptedProvider")
struct ScriptedProviderTests {
  /// What becomes of a call at `milliseconds`, of a provider whose first token takes 400 ms and each further 10 ms.
  private func answer(
    _ kind: ProviderEvent.Kind?, share: Double = 1, at milliseconds: Int = 1500, streaming: Bool = false,
    tokens: Int = 11, deadline: Int = 10_000, change: (inout ProviderConfiguration) -> Void = { _ in }
  ) -> (milliseconds: Int, ending: ScriptedEnding) {
    var provider = Worlds.provider("a")
    change(&provider)
    var behavior = ProviderBehavior(latency: .values([400e6]))
    behavior.tokensPerSecond = 100
    if let kind { behavior.events = [ProviderEvent(kind, at: .seconds(1), for: .seconds(1), share: share)] }
    var scripted = ScriptedProvider(provider, behavior, chance: Chance(seed: 1))
    let request = Worlds.request(at: milliseconds, deadline: deadline, isStreaming: streaming, tokens: tokens)
    let answer = scripted.answer(.init(request: request, attempt: 0, now: request.arrivedAt))
    return (Int(answer.after / 1_000_000), answer.ending)
  }

  @Test("answers after its first token and the others")
  func answers() {
    #expect(answer(nil) == (500, .answered(tokens: 11, firstToken: nil)))
    #expect(answer(nil, streaming: true) == (500, .answered(tokens: 11, firstToken: .milliseconds(400))))
  }

  @Test(
    "an event lasts from its beginning to its end",
    arguments: [(999, false), (1000, true), (1999, true), (2000, false)])
  func span(milliseconds: Int, isStruck: Bool) {
    let fails = answer(.fail, at: milliseconds).ending == .failed(.transient, retryAfter: nil)
    #expect(fails == isStruck)
  }

  @Test("each kind of trouble is what the gateway would see")
  func kinds() {
    #expect(answer(.fail) == (100, .failed(.transient, retryAfter: nil)))
    #expect(answer(.down) == (1, .failed(.transient, retryAfter: nil)))
    #expect(answer(.stall) == (10_000, .failed(.timeout, retryAfter: nil)))
    #expect(
      answer(.stall) { $0.firstTokenTimeout = .seconds(2) } == (2000, .failed(.timeout, retryAfter: nil)))
    #expect(answer(.stall) { $0.timeout = .seconds(3) } == (3000, .failed(.timeout, retryAfter: nil)))
    #expect(
      answer(.rateLimit(retryAfter: .seconds(7))) == (100, .failed(.rateLimited, retryAfter: .seconds(7))))
    #expect(answer(.slow(factor: 3)) == (1500, .answered(tokens: 11, firstToken: nil)))
    #expect(answer(.cut).ending == .failed(.malformedResponse, retryAfter: nil))
  }

  @Test("a stream that is cut has delivered something and cannot be tried elsewhere")
  func cutStream() throws {
    guard case .broken(.malformedResponse, let tokens) = answer(.cut, streaming: true, tokens: 1000).ending
    else {
      Issue.record("the stream is not cut")
      return
    }
    #expect((1..<1000).contains(tokens))
  }

  @Test("what does not end in time is a timeout; a stream has delivered something by then")
  func late() {
    #expect(answer(nil, deadline: 450) == (450, .failed(.timeout, retryAfter: nil)))
    #expect(answer(nil, streaming: true, deadline: 450) == (450, .broken(.timeout, tokens: 5)))
    #expect(answer(nil, streaming: true, deadline: 300) == (300, .failed(.timeout, retryAfter: nil)))
  }

  @Test("a share strikes about as many calls, the same at each play")
  func share() {
    var struck = 0
    for number in 0..<4000 {
      var behavior = ProviderBehavior(latency: .values([400e6]))
      behavior.events = [ProviderEvent(.fail, at: .zero, for: .seconds(10), share: 0.3)]
      let request = Worlds.request(number)
      let endings = (0..<2).map { _ in
        var scripted = ScriptedProvider(Worlds.provider("a"), behavior, chance: Chance(seed: 1))
        return scripted.answer(.init(request: request, attempt: 0, now: request.arrivedAt)).ending
      }
      #expect(endings[0] == endings[1])
      if case .failed = endings[0] { struck += 1 }
    }
    #expect((1100...1300).contains(struck))
  }

  @Test("the vendor's own limit is a rolling minute and names the wait")
  func vendorLimit() {
    var behavior = ProviderBehavior(latency: .values([400e6]))
    behavior.requestsPerMinute = 2
    var scripted = ScriptedProvider(Worlds.provider("a"), behavior, chance: Chance(seed: 1))
    var endings: [ScriptedEnding] = []
    for (number, milliseconds) in [0, 20_000, 59_500, 60_000, 79_999].enumerated() {
      let request = Worlds.request(number, at: milliseconds)
      endings.append(scripted.answer(.init(request: request, attempt: 0, now: request.arrivedAt)).ending)
    }
    let fine = ScriptedEnding.answered(tokens: 10, firstToken: nil)
    let refused = ScriptedEnding.failed(.rateLimited, retryAfter: .seconds(1))
    #expect(endings == [fine, fine, refused, fine, refused])
  }
}
