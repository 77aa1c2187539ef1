package import Configuration
internal import GatewayTypes

/// A script made by chance: a few providers with much trouble and a few minutes of traffic, so that thousands
/// of them are played in seconds.
package struct SmallWorld {
  package let script: SimulationScript

  package init(seed: UInt64) {
    var world = WorldMaker(draws: Chance(seed: seed ^ 0x776f_726c_6400).draws(.choice, 0))
    script = world.script()
  }
}

private struct WorldMaker {
  var draws: Draws

  mutating func script() -> SimulationScript {
    let duration = seconds(60...300)
    var configuration = GatewayConfiguration()
    configuration.providers = (0..<(2 + draws.index(below: 3))).map { provider($0) }
    configuration.breaker.failureThreshold = 1 + draws.index(below: 4)
    configuration.breaker.cooldown = seconds(2...40)
    configuration.breaker.maxCooldown = seconds(2...120)
    configuration.breaker.halfOpenTrials = 1 + draws.index(below: 3)
    configuration.routing.penaltyWindow = seconds(10...200)
    configuration.routing.penaltyThreshold = Double(draws.index(below: 30)) / 100
    configuration.routing.timeout = seconds(5...60)
    if one(in: 5) { configuration.routing.sticky = seconds(5...60) }
    if one(in: 5) {
      var cooldown = CooldownConfiguration(tokens: 2000 + draws.index(below: 20_000))
      cooldown.window = seconds(5...60)
      cooldown.duration = seconds(5...60)
      configuration.cooldown = cooldown
    }
    var script = SimulationScript(configuration: configuration, traffic: traffic(for: duration))
    script.duration = duration
    for provider in configuration.providers {
      script.behaviors[provider.id] = behavior(of: provider, for: duration)
    }
    return script
  }

  private mutating func provider(_ index: Int) -> ProviderConfiguration {
    // Far apart, so that somebody is clearly cheaper; or not at all.
    var step = 1
    for _ in 0..<draws.index(below: 4) { step *= 9 }
    let price = Money(picodollars: 50_000) * step
    var provider = ProviderConfiguration(
      name: "p\(index)", model: "m\(index)", prices: Prices(input: price, output: price * 4))
    provider.priority = draws.index(below: 3)
    provider.weightThousandths = 1000 * draws.index(below: 4)
    provider.retries = one(in: 2) ? 0 : draws.index(below: 3)
    if one(in: 3) { provider.timeout = seconds(2...20) }
    if one(in: 3) { provider.firstTokenTimeout = seconds(1...10) }
    if one(in: 3) { provider.rateLimitRequestsPerMinute = 1 + draws.index(below: 60) }
    if one(in: 3) { provider.rateLimitTokensPerMinute = 1000 + draws.index(below: 60_000) }
    if one(in: 3) { provider.maxConcurrency = 1 + draws.index(below: 6) }
    if one(in: 4) { provider.contextWindow = 200 + draws.index(below: 2000) }
    if one(in: 4) { provider.maxOutputTokens = 50 + draws.index(below: 500) }
    if one(in: 4) { provider.specialties = ["code"] }
    provider.qualityScore = Double(draws.index(below: 10)) / 10
    return provider
  }

  private mutating func behavior(of provider: ProviderConfiguration, for duration: Duration)
    -> ProviderBehavior
  {
    let median = 1e8 * Double(1 + draws.index(below: 15))
    var behavior = ProviderBehavior(latency: .logNormal(median: median, p95: median * 3))
    behavior.tokensPerSecond = Double(20 + draws.index(below: 300))
    if one(in: 6) { behavior.requestsPerMinute = 1 + draws.index(below: 60) }
    for _ in 0..<draws.index(below: 4) { behavior.events.append(event(of: provider, within: duration)) }
    return behavior
  }

  private mutating func event(of provider: ProviderConfiguration, within duration: Duration) -> ProviderEvent
  {
    let kind: ProviderEvent.Kind =
      switch draws.index(below: 7) {
      case 0: .fail
      case 1: .stall
      case 2: .cut
      case 3: .rateLimit(retryAfter: one(in: 2) ? nil : seconds(1...30))
      case 4: .slow(factor: Double(2 + draws.index(below: 8)))
      case 5: .price(Prices(input: provider.prices.input * 9, output: provider.prices.output * 9))
      default: .down
      }
    var event = ProviderEvent(
      kind, at: seconds(0...Int(duration.inSeconds)), for: seconds(1...Int(duration.inSeconds)))
    if one(in: 2) { event.share = draws.share() }
    return event
  }

  private mutating func traffic(for duration: Duration) -> TrafficScript {
    let middle = duration / 2
    var traffic = TrafficScript(rate: [
      .init(from: .zero, to: middle, requestsPerSecond: 0.1 + draws.share() * 2),
      .init(from: middle, to: duration, requestsPerSecond: 0.1 + draws.share() * 2),
    ])
    var code = TrafficScript.Sort()
    code.intent = "code_generation"
    code.maxTokens = 300
    traffic.sorts = [TrafficScript.Sort(), code]
    traffic.streaming = draws.share()
    traffic.users = 1 + draws.index(below: 10)
    if one(in: 2) { traffic.deadline = seconds(2...30) }
    if one(in: 3) { traffic.strategies = [(.cost, 3), (.speed, 1), (.quality, 1), (.weighted, 1)] }
    return traffic
  }

  private mutating func one(in count: Int) -> Bool { draws.index(below: count) == 0 }

  private mutating func seconds(_ range: ClosedRange<Int>) -> Duration {
    .milliseconds(range.lowerBound * 1000 + draws.index(below: 1 + range.count * 1000 - 1000))
  }
}
