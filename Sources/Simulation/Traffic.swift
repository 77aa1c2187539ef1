internal import Configuration
internal import GatewayTypes
internal import Routing

/// The requests of a script, one after the other.
struct Traffic {
  private struct Sort {
    let intent: Intent
    let model: AskedModel
    let promptTokens: Distribution
    let answerTokens: Distribution
    let maxTokens: Int?
  }

  private let chance: Chance
  private let script: TrafficScript
  private let stretches: [TrafficScript.Stretch]
  private let end: Int64
  private let sorts: [Sort]
  private let sortWeights: Weights
  private let strategies: [RankingStrategy]
  private let strategyWeights: Weights
  private let timeout: Duration
  private var number = 0
  private var stretch = 0
  /// Nanoseconds since the start; a fraction, so that no rate is rounded.
  private var time = 0.0

  init(_ script: SimulationScript, chance: Chance) {
    self.chance = chance
    self.script = script.traffic
    stretches = script.traffic.rate.filter { $0.requestsPerSecond > 0 }
    end = script.duration.wholeNanoseconds
    sorts = script.traffic.sorts.map { sort in
      Sort(
        intent: Intent(name: sort.intent) ?? .general, model: AskedModel(sort.model),
        promptTokens: Distribution(sort.promptTokens), answerTokens: Distribution(sort.answerTokens),
        maxTokens: sort.maxTokens)
    }
    sortWeights = Weights(script.traffic.sorts.map(\.weight))
    let asked = script.traffic.strategies.filter { $0.weight > 0 }
    let strategies = asked.isEmpty ? [(strategy: script.configuration.routing.strategy, weight: 1)] : asked
    self.strategies = strategies.map { RankingStrategy($0.strategy) }
    strategyWeights = Weights(strategies.map(\.weight))
    timeout = script.traffic.deadline ?? script.configuration.routing.timeout
  }

  /// The next request, or nil once the day is over.
  mutating func next() -> SimulatedRequest? {
    let key = UInt64(number)
    var arrival = chance.draws(.arrival, key)
    guard let arrivedAt = moment(after: arrival.waitingTime()) else { return nil }
    let sort = sorts[sortWeights.draw(chance.draws(.sort, key))]
    var prompt = chance.draws(.promptTokens, key)
    var answer = chance.draws(.answerTokens, key)
    var streaming = chance.draws(.streaming, key)
    var user = chance.draws(.user, key)
    let strategy = strategies.count == 1 ? 0 : strategyWeights.draw(chance.draws(.strategy, key))
    defer { number += 1 }
    return SimulatedRequest(
      number: number, arrivedAt: arrivedAt, deadline: arrivedAt + timeout,
      hasOwnDeadline: script.deadline != nil, model: sort.model, strategy: strategies[strategy],
      intent: sort.intent, promptTokens: sort.promptTokens.count(&prompt),
      answerTokens: sort.answerTokens.count(&answer), maxTokens: sort.maxTokens,
      isStreaming: streaming.share() < script.streaming, user: user.index(below: script.users))
  }

  /// When as many requests as `count` are expected to have come since the last.
  private mutating func moment(after count: Double) -> MonotonicTime? {
    var missing = count
    while stretch < stretches.count {
      let current = stretches[stretch]
      time = max(time, Double(current.from.wholeNanoseconds))
      let perNanosecond = current.requestsPerSecond / 1e9
      let left = Double(current.to.wholeNanoseconds) - time
      if missing < left * perNanosecond {
        time += missing / perNanosecond
        let moment = Int64(time)
        return moment < end ? MonotonicTime(nanoseconds: moment) : nil
      }
      missing -= max(0, left * perNanosecond)
      stretch += 1
    }
    return nil
  }
}

/// Weights to choose by.
private struct Weights {
  private var sums: [Double] = []

  init(_ weights: [Double]) {
    var sum = 0.0
    for weight in weights {
      sum += weight
      sums.append(sum)
    }
  }

  func draw(_ draws: Draws) -> Int {
    guard sums.count > 1, let total = sums.last else { return 0 }
    var draws = draws
    let point = draws.share() * total
    return sums.firstIndex { point < $0 } ?? sums.count - 1
  }
}

extension RankingStrategy {
  fileprivate init(_ strategy: RoutingStrategy) {
    switch strategy {
    case .cost: self = .cost
    case .speed: self = .speed
    case .quality: self = .quality
    case .weighted: self = .weighted
    }
  }
}
