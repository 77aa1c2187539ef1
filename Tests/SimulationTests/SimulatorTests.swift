import Configuration
import GatewayTypes
import Testing

@testable import Simulation

@Suite("Simulator")
struct SimulatorTests {
  private func play(_ script: SimulationScript, by chooser: Chooser = .tollgate) -> (
    SimulationReport, CallRecorder
  ) {
    let recorder = CallRecorder()
    return (Simulator(script, chooser: chooser).run(observer: recorder), recorder)
  }

  @Test("the same seed gives the same bytes, another seed others", arguments: [1, 2, 3] as [UInt64])
  func repeats(seed: UInt64) {
    let script = SmallWorld(seed: seed).script
    let first = Simulator(script, seed: seed).run()
    let again = Simulator(script, seed: seed).run()
    let other = Simulator(script, seed: seed + 100).run()
    #expect(first.json() == again.json())
    #expect(first.table() == again.table())
    #expect(first.json() != other.json())
  }

  @Test("the rate is that of the script, and nothing comes outside of it")
  func rate() {
    var script = Worlds.script([Worlds.provider("a")], for: .seconds(3000))
    script.traffic.rate = [
      .init(from: .seconds(500), to: .seconds(1000), requestsPerSecond: 8),
      .init(from: .seconds(2000), to: .seconds(2500), requestsPerSecond: 2),
    ]
    let (report, recorder) = play(script)
    let early = recorder.calls.count { $0.time < Worlds.moment(1_000_000) }
    #expect((3800...4200).contains(early))
    #expect((900...1100).contains(report.requests - early))
    #expect(recorder.calls.allSatisfy { (500...2500).contains(Int($0.time.nanoseconds / 1_000_000_000)) })
  }

  @Test("one who only lasts is asked, by each way of choosing, as it says")
  func choosers() {
    let script = Worlds.script([
      Worlds.provider("dear", price: 9), Worlds.provider("cheap"), Worlds.provider("mid", price: 3),
    ])
    let expected: [(Chooser, Set<Int>)] = [
      (.tollgate, [1]), (.rule(.first, fallsBack: true), [0]), (.rule(.cheapest, fallsBack: false), [1]),
      (.rule(.roundRobin, fallsBack: false), [0, 1, 2]), (.rule(.random, fallsBack: false), [0, 1, 2]),
    ]
    for (chooser, providers) in expected {
      let (report, recorder) = play(script, by: chooser)
      #expect(Set(recorder.calls.map(\.provider)) == providers, "\(chooser.name)")
      #expect(report.successRate == 1)
    }
    let turns = play(script, by: .rule(.roundRobin, fallsBack: false)).1.calls.map {
      $0.provider == $0.request % 3
    }
    #expect(!turns.contains(false))
  }

  @Test("all ways of choosing meet the same requests, and the same luck at the same provider")
  func common() {
    var script = Worlds.script([Worlds.provider("a")], for: .seconds(600))
    script.behaviors[ProviderID("a")]?.events = [
      ProviderEvent(.fail, at: .zero, for: .seconds(600), share: 0.3)
    ]
    script.configuration.breaker.failureThreshold = 1000
    let reports = Chooser.compared.map { play(script, by: $0).0 }
    #expect(reports[0].answered < reports[0].requests)
    #expect(Set(reports.map(\.requests)).count == 1)
    #expect(Set(reports.map(\.answered)).count == 1)
    #expect(Set(reports.map(\.cost)).count == 1)
  }

  @Test("falls to the next provider, and after enough failures goes there at once until the trial")
  func fallback() {
    var script = Worlds.script(
      [Worlds.provider("cheap"), Worlds.provider("dear", price: 9)], for: .seconds(120))
    script.behaviors[ProviderID("cheap")]?.events = [ProviderEvent(.down, at: .zero, for: .seconds(120))]
    let (report, recorder) = play(script)
    #expect(report.successRate == 1)
    // Three failures open its breaker, and after its wait there is one trial.
    #expect(report.providers[0].requests < 5)
    #expect(recorder.calls.count == report.requests + report.providers[0].requests)
  }

  @Test("retries wait and ask the same provider again")
  func retries() {
    var provider = Worlds.provider("a")
    provider.retries = 2
    var script = Worlds.script([provider], for: .seconds(30))
    script.traffic.rate[0].requestsPerSecond = 0.1
    script.configuration.breaker.failureThreshold = 1000
    script.behaviors[ProviderID("a")]?.events = [ProviderEvent(.fail, at: .zero, for: .seconds(60))]
    let (report, _) = play(script)
    #expect(report.requests > 0)
    #expect(report.providers[0].requests == report.requests * 3)
    #expect(report.endings[.exhausted] == report.requests)
  }

  @Test("a change of price moves the traffic and is paid")
  func price() {
    var script = Worlds.script([Worlds.provider("a"), Worlds.provider("b", price: 3)], for: .seconds(300))
    let dear = Prices(input: Money(picodollars: 9000), output: Money(picodollars: 36_000))
    script.behaviors[ProviderID("a")]?.events = [
      ProviderEvent(.price(dear), at: .seconds(100), for: .seconds(100))
    ]
    let (report, recorder) = play(script)
    for call in recorder.calls {
      #expect((call.provider == 1) == (100..<200).contains(Int(call.time.nanoseconds / 1_000_000_000)))
    }
    let each = Int128(100 + 40) * 1000
    let expected =
      Int128(report.providers[0].requests) * each + Int128(report.providers[1].requests) * each * 3
    #expect(report.cost.picodollars == expected)
  }

  @Test("the breaker's time is what it was open")
  func breakerTime() {
    var script = Worlds.script([Worlds.provider("a")], for: .seconds(50))
    script.behaviors[ProviderID("a")]?.events = [ProviderEvent(.fail, at: .zero, for: .seconds(50))]
    let (report, _) = play(script)
    // Opened once, for the first cooldown, and the day is over before the trial.
    #expect(report.providers[0].requests == 3)
    #expect(report.providers[0].breakerOpen == .seconds(60))
    #expect(report.endings[.refused] == report.requests - 3)
  }

  @Test("the JSON has what the table has")
  func formats() {
    let (report, _) = play(Worlds.script([Worlds.provider("a")]))
    #expect(
      report.json().contains(
        #""chooser":"tollgate","seed":"1","duration_s":60,"requests":\#(report.requests),"#))
    #expect(report.json().hasSuffix("}\n"))
    #expect(SimulationReport.json([report, report]).hasPrefix("[{"))
    #expect(report.table().contains("100.00 % answered, \(report.cost) USD"))
    #expect(SimulationReport.comparison([report]).split(separator: "\n").count == 2)
  }
}
