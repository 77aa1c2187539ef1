import Glibc

/// The processor time that a request takes, measured over several rounds: others may use the machine meanwhile.
struct Cost: CustomStringConvertible {
  /// Enough for a median, and done in seconds.
  static let roundCount = 9

  /// Nanoseconds a request, the least first.
  private let rounds: [Int]

  /// Runs `work`, which is as much as `requestCount` requests take, in each round; `before` is not measured.
  init(requestCount: Int, before: () throws -> Void, _ work: () throws -> Void) rethrows {
    var rounds: [Int] = []
    for _ in 0..<Self.roundCount {
      try before()
      let start = Cost.processorNanoseconds
      try work()
      rounds.append((Cost.processorNanoseconds - start) / requestCount)
    }
    self.rounds = rounds.sorted()
  }

  var description: String {
    let texts = [rounds[rounds.count / 2], rounds[0], rounds[rounds.count - 1]].map(Cost.microseconds)
    return "\(texts[0]) (\(texts[1]) to \(texts[2]))"
  }

  private static func microseconds(_ nanoseconds: Int) -> String {
    let hundredths = (nanoseconds + 5) / 10
    return "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
  }

  /// Of all threads, in the program and in the kernel.
  private static var processorNanoseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
