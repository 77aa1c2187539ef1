import ArgumentParser
import Configuration
import Simulation

extension Simulate {
  /// A screenful; the first is as good as all.
  private static let shownViolations = 20

  /// Plays one seed after the other before an observer that knows what routing promises.
  func checkAll(_ script: SimulationScript?) throws {
    let progress = ProgressLine("check")
    let first = seed ?? script?.seed ?? 1
    var requests = 0
    var calls = 0
    var found: [String] = []
    for index in 0..<seeds {
      progress.show(Double(index) / Double(seeds))
      let seed = first &+ UInt64(index)
      let world = script ?? SmallWorld(seed: seed).script
      let observer = PromiseObserver(world)
      let report = Simulator(world, seed: seed).run(observer: observer)
      observer.check(report)
      requests += report.requests
      calls += observer.calls
      found += observer.violations.map { "seed \(seed): \($0)" }
    }
    progress.clear()
    for violation in found.prefix(Self.shownViolations) { print("broken: \(violation)") }
    if found.count > Self.shownViolations { print("broken: and \(found.count - Self.shownViolations) more") }
    print(
      "\(seeds) seeds, \(requests) requests, \(calls) calls: "
        + (found.isEmpty ? "every promise is kept." : "\(found.count) promises are broken."))
    guard found.isEmpty else { throw ExitCode(1) }
  }
}
