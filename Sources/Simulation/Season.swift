internal import Configuration
internal import Fleet
internal import GatewayTypes
internal import Routing

/// A stretch of the day with one list of prices.
struct Season {
  let begins: MonotonicTime
  let roster: Roster

  /// Those of a script, in order of time: a new one wherever a price event begins or ends.
  static func all(of script: SimulationScript) -> [Season] {
    var changes: Set<Duration> = [.zero]
    for provider in script.configuration.providers {
      for event in script.behavior(of: provider).events {
        guard case .price = event.kind else { continue }
        changes.formUnion([event.at, event.end])
      }
    }
    return changes.sorted().map { time in
      var configuration = script.configuration
      for index in configuration.providers.indices {
        let provider = configuration.providers[index]
        for event in script.behavior(of: provider).events where event.at <= time && time < event.end {
          if case .price(let prices) = event.kind { configuration.providers[index].prices = prices }
        }
      }
      return Season(
        begins: MonotonicTime(nanoseconds: 0) + time, roster: Roster(configuration))
    }
  }
}
