import Dispatch
import GatewayTypes
import Glibc
import Reactor

/// A load of event streams: so many connections, each of which asks for one stream after the other.
///
/// `stream-load PORT CONNECTIONS SECONDS CHUNKS INTERVAL_US`
///
/// The connections begin evenly over the time of one stream. When all have had their first token it
/// prints `MEASURING`, and `SECONDS` later one line of JSON with what it counted since.
@main
enum StreamLoad {
  static func main() throws {
    let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    guard numbers.count == 5, CommandLine.arguments.count == 6 else {
      print("usage: stream-load PORT CONNECTIONS SECONDS CHUNKS INTERVAL_US")
      exit(2)
    }
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let loop = try EventLoop()
    loop.execute {
      load = Load(
        port: numbers[0], connections: numbers[1], time: .seconds(numbers[2]), chunks: numbers[3],
        interval: .microseconds(numbers[4]), on: loop)
      load?.begin()
    }
    dispatchMain()
  }

  /// Kept for the life of the process; set once, on the loop.
  nonisolated(unsafe) static var load: Load?
}

/// All connections, and what they have brought since the measurement began.
final class Load {
  let loop: EventLoop
  let port: Int
  /// Bytes of one request.
  let request: [UInt8]
  /// Events of one whole stream: role, texts, finish and `[DONE]`.
  let eventCount: Int
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
  private let connections: Int
  private let time: Duration
  private let streamTime: Duration
  private var clients: [StreamClient] = []
  private var timers: [LoopTimer] = []
  private var begunCount = 0
  private var measuringSince: MonotonicTime?

  private var streams = 0
  private var events = 0
  private var reads = 0
  private var bad = 0
  /// Nanoseconds from a request to its first token.
  private var waits: [Int64] = []

  /// The connections of a load begin within this time, however long its streams are.
  private static let longestBeginning: Duration = .seconds(2)

  init(port: Int, connections: Int, time: Duration, chunks: Int, interval: Duration, on loop: EventLoop) {
    self.loop = loop
    self.port = port
    self.connections = connections
    self.time = time
    streamTime = interval * chunks
    eventCount = chunks + 3
    let body =
      #"{"model":"auto","messages":[{"role":"user","content":"Explain in one sentence what a circuit breaker "#
      + #"does, and when it closes."}],"user":"user-17","max_tokens":512,"stream":true,"#
      + #""mock":{"chunks":\#(chunks),"interval_us":\#(interval.wholeNanoseconds / 1_000)}}"#
    request = Array(
      """
      POST /v1/chat/completions HTTP/1.1\r
      Host: 127.0.0.1:\(port)\r
      Content-Type: application/json\r
      Content-Length: \(body.utf8.count)\r
      \r
      \(body)
      """.utf8)
  }

  func begin() {
    let step = min(streamTime, Self.longestBeginning) / max(1, connections)
    let now = MonotonicTime.now()
    for index in 0..<connections {
      let client = StreamClient(load: self)
      clients.append(client)
      at(now + step * index) { client.connect() }
    }
  }

  private func at(_ time: MonotonicTime, _ body: @escaping () -> Void) {
    let timer = LoopTimer(handler: body)
    timers.append(timer)
    loop.set(timer, to: time)
  }

  // MARK: What clients report

  func count(events new: Int) {
    events += new
    reads += 1
  }

  func firstToken(sentAt: MonotonicTime, isFirstStream: Bool) {
    let now = MonotonicTime.now()
    if let measuringSince {
      if sentAt >= measuringSince { waits.append((now - sentAt).wholeNanoseconds) }
    } else if isFirstStream {
      begunCount += 1
      if begunCount == connections { measure() }
    }
  }

  func ended(isGood: Bool) {
    if isGood { streams += 1 } else { bad += 1 }
  }

  private func measure() {
    say("MEASURING")
    measuringSince = .now()
    (streams, events, reads, bad) = (0, 0, 0, 0)
    at(.now() + time) { [unowned self] in report() }
  }

  private func report() {
    let microseconds = (MonotonicTime.now() - measuringSince!).wholeNanoseconds / 1_000
    waits.sort()
    func percentile(_ share: Double) -> Double {
      waits.isEmpty ? 0 : Double(waits[min(waits.count - 1, Int(Double(waits.count) * share))]) / 1_000
    }
    say(
      #"{"streams":\#(streams),"events":\#(events),"reads":\#(reads),"bad":\#(bad),"#
        + #""microseconds":\#(microseconds),"samples":\#(waits.count),"#
        + #""p50":\#(percentile(0.50)),"p99":\#(percentile(0.99))}"#)
    exit(0)
  }

  private func say(_ line: String) {
    print(line)
    fflush(nil)
  }
}
