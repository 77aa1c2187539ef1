package import Configuration
package import GatewayTypes
internal import Routing

/// Watches a simulated day and notes where what routing promises is broken.
///
/// It uses nothing of the code that it watches: it keeps its own record of every call and counts again what
/// breakers, limits and prices make of it. What it holds:
/// - an open breaker gets no call, a half-open one no more than its trials at a time;
/// - no rolling 60 s hold more requests or tokens than the limits, and no moment more calls than `max_concurrency`;
/// - a provider is left alone for as long as its `Retry-After` says;
/// - no request calls a provider more than once and its retries, two at a time, or after its deadline, and each
///   ends once and in time;
/// - a request that is routed by cost goes first to a provider that is well and clearly cheaper than the one asked,
///   so that a blip below the penalty's threshold moves nothing; and none is refused while somebody is well;
/// - every cost is the exact product of tokens and prices, and the sums are theirs.
package final class PromiseObserver: SimulationObserver {
  /// What was broken, as sentences; the first hundred.
  package private(set) var violations: [String] = []
  package private(set) var calls = 0

  private let configuration: GatewayConfiguration
  private var providers: [ObservedProvider]
  private var live: [Int: LiveRequest] = [:]
  private var requests = 0
  private var endings = 0
  private var total: Int128 = 0

  private struct LiveRequest {
    var attempts: [Int]
    var calling: Int?
    var hasCalled = false
  }

  /// `script` is what is played; that is all it knows beforehand.
  package init(_ script: SimulationScript) {
    configuration = script.configuration
    providers = script.configuration.providers.map { provider in
      ObservedProvider(provider, script.behavior(of: provider), in: script.configuration)
    }
  }

  package func began(_ request: SimulatedRequest) {
    requests += 1
    live[request.number] = LiveRequest(attempts: providers.map { _ in 0 })
  }

  package func called(_ index: Int, for request: SimulatedRequest, at time: MonotonicTime) {
    calls += 1
    let name = providers[index].name
    guard var record = live[request.number] else {
      return note("request \(request.number) calls \(name) after its end", time)
    }
    if record.calling != nil { note("request \(request.number) calls two providers at a time", time) }
    if time >= request.deadline { note("request \(request.number) calls \(name) after its deadline", time) }
    record.attempts[index] += 1
    let most = 1 + configuration.providers[index].retries
    if record.attempts[index] > most {
      note("request \(request.number) calls \(name) \(record.attempts[index]) times, not \(most)", time)
    }
    if !record.hasCalled { checkChoice(of: index, request, at: time) }
    record.hasCalled = true
    record.calling = index
    live[request.number] = record
    for trouble in providers[index].call(request, at: time.nanoseconds) { note("\(name) \(trouble)", time) }
  }

  /// Nobody who is well and clearly cheaper is passed over.
  private func checkChoice(of chosen: Int, _ request: SimulatedRequest, at time: MonotonicTime) {
    // A user who is kept at a provider stays there whatever it costs.
    guard request.strategy == .cost, configuration.routing.sticky == nil else { return }
    let now = time.nanoseconds
    let asked = providers[chosen].prices(at: request.arrivedAt)
    for other in providers.indices where other != chosen && serves(other, request) {
      let prices = providers[other].prices(at: request.arrivedAt)
      // One that gives shorter answers may be the cheaper one in spite of its prices.
      let longest = configuration.providers[other].maxOutputTokens ?? .max
      guard prices.isClearlyCheaper(than: asked, by: configuration.routing.intentBoost),
        longest <= configuration.providers[chosen].maxOutputTokens ?? .max,
        providers[other].isWell(for: request, at: now)
      else { continue }
      note(
        "request \(request.number) goes to \(providers[chosen].name) although \(providers[other].name) is well "
          + "and cheaper", time)
    }
  }

  private func serves(_ index: Int, _ request: SimulatedRequest) -> Bool {
    let provider = configuration.providers[index]
    guard provider.isEnabled, request.promptTokens < provider.contextWindow ?? .max else { return false }
    switch request.model {
    case .any: return true
    case .named(let name):
      if let members = configuration.aliases[name] { return members.contains(provider.id) }
      return [provider.id.text, provider.name, provider.model, "\(provider.name)/\(provider.model)"].contains(
        name)
    }
  }

  package func ended(
    _ index: Int, for request: SimulatedRequest, _ ending: ScriptedEnding, cost: Money, at time: MonotonicTime
  ) {
    guard live[request.number]?.calling == index else {
      return note("a call of \(providers[index].name) ends that had not begun", time)
    }
    live[request.number]?.calling = nil
    let own = providers[index].cost(of: ending, request)
    if own != cost.picodollars {
      note("request \(request.number) is charged \(cost) USD, not \(Money(picodollars: own))", time)
    }
    total += own
    providers[index].end(request, ending, cost: own, at: time.nanoseconds)
  }

  package func ended(_ request: SimulatedRequest, _ ending: RequestEnding, at time: MonotonicTime) {
    guard let record = live.removeValue(forKey: request.number) else {
      return note("request \(request.number) ends twice", time)
    }
    endings += 1
    if record.calling != nil { note("request \(request.number) ends while it is calling", time) }
    // A stream that has begun may go on past a deadline that the caller did not set.
    let mayGoOn = request.isStreaming && !request.hasOwnDeadline && [.answered, .broken].contains(ending)
    if time > request.deadline && !mayGoOn { note("request \(request.number) ends after its deadline", time) }
    guard ending == .refused else { return }
    for index in providers.indices
    where serves(index, request) && providers[index].isWell(for: request, at: time.nanoseconds) {
      note("request \(request.number) is refused although \(providers[index].name) is well", time)
    }
  }

  /// To be called once the day is over.
  package func check(_ report: SimulationReport) {
    let end = MonotonicTime(nanoseconds: 0) + report.duration
    if !live.isEmpty || endings != requests || report.requests != requests {
      note("\(requests) requests came, \(endings) ended, \(report.requests) are reported", end)
    }
    if report.cost.picodollars != total {
      note("\(report.cost) USD are reported, not \(Money(picodollars: total))", end)
    }
    for (observed, reported) in zip(providers, report.providers)
    where reported.cost.picodollars != observed.spent || reported.requests != observed.begun {
      note("\(observed.name) is reported with \(reported.requests) calls and \(reported.cost) USD", end)
    }
  }

  private func note(_ words: String, _ time: MonotonicTime) {
    guard violations.count < 100 else { return }
    violations.append("at \(time.nanoseconds / 1_000_000) ms: \(words)")
  }
}

extension Prices {
  /// Whether every token costs less, and still does where the other one is moved forward for the intent, and
  /// where this one is expected to give four times as long an answer, as a few long ones may let expect.
  fileprivate func isClearlyCheaper(than other: Prices, by boost: Double) -> Bool {
    let share = Int128((max(boost, 0.001) * 1000).rounded(.down))
    return tiers.isEmpty && other.tiers.isEmpty && requestFee <= other.requestFee
      && input.picodollars * 4000 < other.input.picodollars * share
      && output.picodollars * 4000 < other.output.picodollars * share
  }
}
