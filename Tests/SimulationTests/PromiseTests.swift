import Configuration
import GatewayTypes
import Testing

@testable import Simulation

@Suite("What routing promises")
struct PromiseTests {
  /// As many as run in a few seconds; `tollgate simulate --check --seeds` plays any number.
  private static let hundreds = Array(0..<20)

  @Test("is kept in small worlds full of trouble", arguments: hundreds)
  func kept(hundred: Int) {
    for seed in UInt64(hundred * 100)..<UInt64(hundred * 100 + 100) {
      let script = SmallWorld(seed: seed).script
      let observer = PromiseObserver(script)
      let report = Simulator(script, seed: seed).run(observer: observer)
      observer.check(report)
      #expect(observer.violations.isEmpty, "seed \(seed)")
    }
  }

  @Test(
    "failures too few for the breaker move no traffic but their own, and an open breaker none for long",
    arguments: Array(0..<50) as [UInt64])
  func blip(seed: UInt64) throws {
    var script = Worlds.script(
      [Worlds.provider("cheap"), Worlds.provider("dear", price: 9)], for: .seconds(400))
    // Mostly one call or two fail, sometimes more, after 200 that did not.
    script.behaviors[ProviderID("cheap")]?.events = [
      ProviderEvent(.fail, at: .seconds(200), for: .milliseconds(1500))
    ]
    let recorder = CallRecorder()
    let report = Simulator(script, seed: seed).run(observer: recorder)
    #expect(report.successRate == 1)
    let dear = recorder.calls.filter { $0.provider == 1 }
    if report.providers[0].failures < script.configuration.breaker.failureThreshold {
      // The dear one serves those that failed, and nobody else.
      #expect(dear.count == report.providers[0].failures)
    } else {
      // The breaker has opened: others go to the dear one until its wait is over and one trial is answered.
      let isBack = recorder.calls.first { $0.provider == 0 && $0.time > Worlds.moment(202_000) }
      let trial = try #require(isBack)
      #expect(dear.allSatisfy { $0.time < trial.time + .milliseconds(200) })
      #expect(trial.time < Worlds.moment(275_000))
    }
  }

  @Test(
    "an outage costs three failed calls, and moves traffic until the breaker's wait is over, not longer",
    arguments: Array(0..<50) as [UInt64])
  func outage(seed: UInt64) {
    var script = Worlds.script(
      [Worlds.provider("cheap"), Worlds.provider("dear", price: 9)], for: .seconds(1200))
    script.behaviors[ProviderID("cheap")]?.events = [
      ProviderEvent(.down, at: .seconds(200), for: .seconds(30))
    ]
    let recorder = CallRecorder()
    let report = Simulator(script, seed: seed).run(observer: recorder)
    #expect(report.successRate == 1)
    #expect(report.providers[0].failures == 3)
    // Down from 200 s on, for 30 s; three requests and a minute later the trial finds it up.
    let late = recorder.calls.filter { $0.time > Worlds.moment(285_000) }
    #expect(!late.isEmpty)
    #expect(late.allSatisfy { $0.provider == 0 })
  }
}

@Suite("PromiseObserver")
struct PromiseObserverTests {
  /// Providers `a` (1 a token) and `b` (9 a token), and an observer of them.
  private func observer(change: (inout GatewayConfiguration) -> Void = { _ in }) -> PromiseObserver {
    var script = Worlds.script([Worlds.provider("a"), Worlds.provider("b", price: 9)])
    change(&script.configuration)
    return PromiseObserver(script)
  }

  /// A request that calls `provider` once.
  private func pass(
    _ observer: PromiseObserver, _ number: Int, at milliseconds: Int, calls provider: Int = 0,
    _ ending: ScriptedEnding = .answered(tokens: 10, firstToken: nil)
  ) {
    let request = Worlds.request(number, at: milliseconds)
    observer.began(request)
    observer.called(provider, for: request, at: request.arrivedAt)
    end(observer, request, provider, ending, at: milliseconds + 10)
    observer.ended(request, .answered, at: Worlds.moment(milliseconds + 10))
  }

  private func end(
    _ observer: PromiseObserver, _ request: SimulatedRequest, _ provider: Int, _ ending: ScriptedEnding,
    at time: Int
  ) {
    var cost = Money.zero
    if case .answered = ending { cost = Money(picodollars: provider == 0 ? 140_000 : 1_260_000) }
    observer.ended(provider, for: request, ending, cost: cost, at: Worlds.moment(time))
  }

  private let failure = ScriptedEnding.failed(.transient, retryAfter: nil)

  @Test("a day without a flaw has none")
  func clean() {
    let observer = observer()
    for number in 0..<100 { pass(observer, number, at: number * 100) }
    #expect(observer.violations.isEmpty)
  }

  @Test("sees a call of an open breaker, and none once its wait is over")
  func openBreaker() {
    let observer = observer()
    for number in 0..<3 { pass(observer, number, at: number * 100, failure) }
    pass(observer, 3, at: 60_209)
    #expect(observer.violations == ["at 60209 ms: a is called while its breaker is open"])
    pass(observer, 4, at: 60_210)
    #expect(observer.violations.count == 1)
  }

  @Test("sees one trial too many")
  func trials() {
    let observer = observer()
    for number in 0..<3 { pass(observer, number, at: number * 100, failure) }
    for number in 3..<5 {
      let request = Worlds.request(number, at: 70_000)
      observer.began(request)
      observer.called(0, for: request, at: request.arrivedAt)
    }
    #expect(observer.violations == ["at 70000 ms: a has 2 trials at a time"])
  }

  @Test("sees a limit of requests, of tokens and of calls at a time passed")
  func limits() {
    let rpm = observer { $0.providers[0].rateLimitRequestsPerMinute = 2 }
    for (number, time) in [0, 100, 60_000, 60_050].enumerated() { pass(rpm, number, at: time) }
    #expect(rpm.violations == ["at 60050 ms: a gets 3 calls within 60 s, not 2"])
    let tpm = observer { $0.providers[0].rateLimitTokensPerMinute = 250 }
    for number in 0..<3 { pass(tpm, number, at: number * 100) }
    #expect(tpm.violations == ["at 200 ms: a gets 320 tokens within 60 s, not 250"])
    let concurrency = observer { $0.providers[0].maxConcurrency = 1 }
    for number in 0..<2 {
      let request = Worlds.request(number)
      concurrency.began(request)
      concurrency.called(0, for: request, at: request.arrivedAt)
    }
    #expect(concurrency.violations == ["at 0 ms: a has 2 calls at a time, not 1"])
  }

  @Test("sees a call before the Retry-After is over")
  func retryAfter() {
    let observer = observer()
    pass(observer, 0, at: 0, .failed(.rateLimited, retryAfter: .seconds(5)))
    pass(observer, 1, at: 5009)
    pass(observer, 2, at: 5010)
    #expect(observer.violations == ["at 5009 ms: a is called before its Retry-After is over"])
  }

  @Test("sees a try too many, one after the deadline, and an end after it")
  func requests() {
    let observer = observer()
    let request = Worlds.request(7, deadline: 1000)
    observer.began(request)
    for time in [0, 100, 1000] {
      observer.called(0, for: request, at: Worlds.moment(time))
      end(observer, request, 0, failure, at: time + 1)
    }
    observer.ended(request, .exhausted, at: Worlds.moment(1001))
    #expect(
      observer.violations == [
        "at 100 ms: request 7 calls a 2 times, not 1", "at 1000 ms: request 7 calls a after its deadline",
        "at 1000 ms: request 7 calls a 3 times, not 1", "at 1001 ms: request 7 ends after its deadline",
      ])
  }

  @Test("sees a cheaper one starved or a request refused while somebody is well")
  func starved() {
    let observer = observer()
    pass(observer, 0, at: 0, calls: 1)
    let request = Worlds.request(1, at: 100)
    observer.began(request)
    observer.ended(request, .refused, at: request.arrivedAt)
    #expect(
      observer.violations == [
        "at 0 ms: request 0 goes to b although a is well and cheaper",
        "at 100 ms: request 1 is refused although a is well",
        "at 100 ms: request 1 is refused although b is well",
      ])
  }

  @Test("one that failed too often lately is not starved, and is again once that is forgotten")
  func penalized() {
    let observer = observer()
    pass(observer, 0, at: 0, failure)
    pass(observer, 1, at: 100, calls: 1)
    #expect(observer.violations.isEmpty)
    pass(observer, 2, at: 301_000, calls: 1)
    #expect(observer.violations == ["at 301000 ms: request 2 goes to b although a is well and cheaper"])
  }

  @Test("sees a wrong charge and wrong sums")
  func costs() {
    let observer = observer()
    let request = Worlds.request(0)
    observer.began(request)
    observer.called(0, for: request, at: request.arrivedAt)
    observer.ended(
      0, for: request, .answered(tokens: 10, firstToken: nil), cost: Money(picodollars: 140_001),
      at: Worlds.moment(5))
    observer.ended(request, .answered, at: Worlds.moment(5))
    #expect(observer.violations == ["at 5 ms: request 0 is charged 0.000000140001 USD, not 0.00000014"])
    observer.check(
      SimulationReport(chooser: .tollgate, script: Worlds.script([Worlds.provider("a")]), seed: 1))
    #expect(observer.violations.count == 4)
  }
}
