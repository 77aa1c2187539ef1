import Glibc
import Routing

/// Measures what finding a prompt's intent costs, for prompts of 2 kB in several scripts.
///
///     swift build -c release --product intent-cost && .build/release/intent-cost
///
/// A round detects the same prompt a hundred times; shown are the median, the fastest and the slowest of the
/// rounds, per detection. CPU time of the thread is counted, so that other work on the machine disturbs it only
/// through caches and shared cores.
@main
struct IntentCost {
  static let rounds = 501
  static let detectionsPerRound = 100
  static let promptBytes = 2_048

  static func main() {
    let start = threadNanoseconds()
    precondition(Intent.detect(in: "") == .general)
    print("first detection, which makes the table: \(microseconds(threadNanoseconds() - start)) µs\n")
    print("prompt of 2 kB        median    fastest   slowest   µs of CPU a detection, \(rounds) rounds")
    measure(
      "English text", sentence: "The council met on Tuesday to discuss the new tram line and its cost. ")
    measure("English code", sentence: "for (int i = 0; i < n; i++) { total += values[i]; }\n")
    measure("German text", sentence: "Die Händler fürchten während der Bauzeit um ihre Umsätze. ")
    measure("Chinese text", sentence: "市议会周二投票决定市中心禁止汽车通行，商家表示担忧。")
    measure("every word known", sentence: "summarize translate function explain compare draft poem ")
  }

  private static func measure(_ name: String, sentence: String) {
    var prompt = "Please look at this: "
    while prompt.utf8.count + sentence.utf8.count <= promptBytes { prompt += sentence }
    let bytes = Array(prompt.utf8)
    /// Read below, so that no detection can be left out.
    var found = 0
    let nanoseconds = (0..<rounds).map { _ in
      let start = threadNanoseconds()
      for _ in 0..<detectionsPerRound where Intent.detect(in: bytes.span) != .general { found += 1 }
      return (threadNanoseconds() - start) / detectionsPerRound
    }.sorted()
    precondition(found == 0 || found == rounds * detectionsPerRound, "one prompt was taken for two intents")
    let columns = [nanoseconds[rounds / 2], nanoseconds[0], nanoseconds[rounds - 1]].map(microseconds)
    print(([padded(name, to: 20)] + columns.map { padded($0, to: 8) }).joined(separator: "  "))
  }

  /// The CPU time of this thread: clock_gettime(2).
  private static func threadNanoseconds() -> Int {
    var time = timespec()
    precondition(
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0, "clock_gettime has no clock of the thread")
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  /// With two digits after the point.
  private static func microseconds(_ nanoseconds: Int) -> String {
    let hundredths = (nanoseconds + 5) / 10
    return "\(hundredths / 100)." + "\(100 + hundredths % 100)".dropFirst()
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
