import Accounting
import Decisions
import GatewayTypes
import Glibc
import Health
import Routing

/// What keeping decisions costs a request: the line of one, and its share of a batch's write.
///
///     swift run -c release decision-benchmark
@main
struct DecisionBenchmark {
  static func main() {
    for (count, rounds) in [(1, 500_000), (5, 500_000), (32, 100_000), (1_000, 20_000)] {
      measure(candidates: count, rounds: rounds)
    }
  }

  private static func measure(candidates count: Int, rounds: Int) {
    let roster = Roster(
      candidates: (0..<count).map { index in
        Candidate(
          id: ProviderID("provider-\(index)"), name: "provider-\(index)", model: "model",
          prices: Prices(
            input: Money(picodollars: 150_000 + Int128(index)), output: Money(picodollars: 600_000)),
          latency: .milliseconds(200 + index))
      })
    let request = RoutingRequest(
      intent: .codeGeneration, inputTokens: 812, inputTokenBound: 3_500, outputTokens: 400,
      budgetLeft: .dollar)
    let plan = Router.plan(request, roster: roster) { index in
      index % 5 == 4
        ? ProviderStanding(
          unavailability: .requestLimitReached, retryAt: MonotonicTime(nanoseconds: 31_000_000_000))
        : ProviderStanding(latency: LatencyAverage(nanoseconds: 1_234_567_890 + Int64(index)))
    }
    let heading = DecisionHeading(
      candidates: roster.candidates, limits: roster.candidates.map { _ in CallLimits() },
      policy: RoutingPolicy()
    ).line
    let path = "/tmp/tollgate-decision-benchmark-\(getpid()).log"
    let log = DecisionLog(ofLedger: path, largestFile: 67_108_864)
    defer { for file in [log.path, log.path + ".1"] { unlink(file) } }
    let time = Timestamp.now()
    var lines: [UInt8] = []
    var size = 0

    func appendLine() {
      let line = DecisionLine(
        request, plan, isStrategyAsked: false, plannedAt: MonotonicTime(nanoseconds: 1_000_000_000),
        deadline: MonotonicTime(nanoseconds: 61_000_000_000))
      line.append(
        to: &lines, id: "req_0123456789abcdef01234567", heading: heading.key, time: time,
        endedAt: MonotonicTime(nanoseconds: 1_700_000_000), attemptCount: 1
      ) { _ in (0, "success", .milliseconds(699)) }
    }
    let written = processorNanoseconds {
      for _ in 0..<rounds {
        appendLine()
        size = lines.count
        lines.removeAll(keepingCapacity: true)
      }
    }
    print("\(count) candidates: \(written / rounds) ns a line of \(size) bytes", terminator: "")
    // As many as end in one turn of a loop: alone, and under load.
    for linesPerWrite in [1, 4, 16] {
      let all = processorNanoseconds {
        for number in 1...rounds {
          appendLine()
          guard number.isMultiple(of: linesPerWrite) else { continue }
          log.append(lines, lineCount: linesPerWrite, headings: [heading])
          lines.removeAll(keepingCapacity: true)
        }
      }
      print(", \(all / rounds) ns with \(linesPerWrite) a write", terminator: "")
    }
    print("")
  }

  private static func processorNanoseconds(_ work: () -> Void) -> Int {
    func now() -> Int {
      var time = timespec()
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
      return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
    let start = now()
    work()
    return now() - start
  }
}
