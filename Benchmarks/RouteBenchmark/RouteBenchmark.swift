import GatewayTypes
import Glibc
import Health
import Routing

/// What planning a request costs: `route-benchmark [ROUNDS [PROVIDERS]]`.
///
/// Each case is planned as the gateway does it: the standing of every provider is read as it is then. The
/// cases take turns, round after round, so that whatever else the machine does meets them all. Printed are
/// nanoseconds of the thread's own time a plan: the least, the median and the most of the rounds.
@main
enum RouteBenchmark {
  /// The promise that is checked: nanoseconds a plan, by the number of providers.
  private static let limits = [5: 2_000.0, 1_000: 50_000.0]

  static func main() {
    let numbers = CommandLine.arguments.dropFirst().map { Int($0) ?? 0 }
    let rounds = numbers.first ?? 31
    let counts = limits.keys.sorted().filter { numbers.count < 2 || $0 == numbers[1] }
    guard rounds > 0, !counts.isEmpty else {
      print("usage: route-benchmark [ROUNDS [PROVIDERS]], rounds from 1, providers 5 or 1000")
      exit(2)
    }
    var cases: [Case] = []
    for count in counts {
      let scene = Scene(count: count)
      for strategy in RankingStrategy.allCases { cases.append(Case(scene: scene, strategy: strategy)) }
    }
    for index in cases.indices { cases[index].run() }
    for index in cases.indices { cases[index].nanoseconds = [] }
    for _ in 0..<rounds {
      for index in cases.indices { cases[index].run() }
    }
    print("providers strategy      min ns  median ns     max ns   promised")
    var isKept = true
    for item in cases {
      let sorted = item.nanoseconds.sorted()
      let limit = limits[item.scene.count] ?? 0
      let median = sorted[sorted.count / 2]
      isKept = isKept && median <= limit
      let columns = [sorted[0], median, sorted[sorted.count - 1], limit].map {
        padded(String(Int($0.rounded())), to: 11)
      }
      print(padded("\(item.scene.count)", to: 9), padded(item.strategy.rawValue, to: 8) + columns.joined())
    }
    print(isKept ? "every median is within the promise" : "a median is above the promise")
    exit(isKept ? 0 : 1)
  }

  private static func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

/// One strategy over one set of providers.
private struct Case {
  let scene: Scene
  let strategy: RankingStrategy
  var nanoseconds: [Double] = []
  private var planned = 0

  init(scene: Scene, strategy: RankingStrategy) {
    self.scene = scene
    self.strategy = strategy
  }

  /// Plans about 10 ms long.
  mutating func run() {
    let count = max(1, 50_000 / scene.count)
    var tried = 0
    let start = MonotonicTime.measured()
    for _ in 0..<count {
      planned += 1
      tried += scene.plan(strategy, number: planned).order.count
    }
    let end = MonotonicTime.measured()
    precondition(tried == count * scene.count, "all providers of the scene can be tried")
    nanoseconds.append(Double((end - start).wholeNanoseconds) / Double(count))
  }
}

/// Providers with different prices, qualities and latencies, each with some answers behind it.
private final class Scene {
  let count: Int
  private let roster: Roster
  private let healths: HealthTable
  private let usualAnswer: ExpectedAnswer

  init(count: Int) {
    self.count = count
    let now = MonotonicTime(nanoseconds: 1_000_000_000)
    let micro = Money(picodollars: 1_000_000)
    // Neither sorted nor all alike: places follow a fixed mixing of the index.
    func mixed(_ index: Int, _ range: Int) -> Int { (index &* 7919 &+ 104_729) % range }
    roster = Roster(
      candidates: (0..<count).map { index in
        Candidate(
          id: ProviderID("provider-\(index)"), name: "provider-\(index)", model: "model-\(index % 7)",
          prices: Prices(input: micro * (1 + mixed(index, 997)), output: micro * (1 + mixed(index, 499))),
          priority: index % 3, contextWindow: 128_000, maxOutputTokens: 8_192,
          intents: IntentSet(specialties: index % 4 == 0 ? ["code"] : []),
          qualityScore: Double(mixed(index, 100)) / 100, latency: .milliseconds(100 + mixed(index, 900)))
      })
    let healths = (0..<count).map { index in
      let health = ProviderHealth(
        policy: HealthPolicy(rateLimits: RateLimits(requestsPerMinute: 100_000), maxConcurrency: 64))
      for answer in 0..<10 {
        health.learn(
          answerTokens: 100 + mixed(index + answer, 400), isCut: false, kind: .unknown, now: now)
        health.acquire(tokens: 100, now: now)?.answer(
          .success(
            latency: .milliseconds(200 + mixed(index + answer, 800)), timeToFirstToken: .milliseconds(50),
            usage: TokenUsage(uncachedInput: 100, output: 100)), now: now)
      }
      return health
    }
    self.healths = HealthTable(healths)
    var all = AnswerLength()
    for answer in 0..<10 { all.record(tokens: 200 + answer * 20, isCut: false, now: now) }
    usualAnswer = all.expectation(now: now)
  }

  func plan(_ strategy: RankingStrategy, number: Int) -> RoutePlan {
    let now = MonotonicTime(nanoseconds: 2_000_000_000 + Int64(number) * 1_000)
    let request = RoutingRequest(
      strategy: strategy, intent: .codeGeneration, inputTokens: 500 + number % 100, outputTokens: 400,
      usualAnswer: usualAnswer, needs: [.chat, .streaming], maxCost: .dollar, budgetLeft: .dollar)
    return Router.plan(request, roster: roster, healths: healths, kind: .unknown, now: now)
  }
}

extension MonotonicTime {
  /// The time that this thread has run, whatever else the machine does.
  fileprivate static func measured() -> MonotonicTime {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return MonotonicTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}
