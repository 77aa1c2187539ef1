import Foundation
import TestSupport
import Testing

/// The ledger when the disk is full, and when many write at once.
@Suite struct LedgerTests {
  /// With one worker the table of requests in flight takes 256 kB; files end two blocks behind that, and the
  /// ledger begins with as much that is no line of its own.
  private static let roomInBlocks = 514
  private static let filler = [
    "logs/usage.log": String(repeating: String(repeating: "x", count: 1_023) + "\n", count: 256)
  ]
  private static let oneWorker = "server: {workers: 1}\n"
  private static let mock = "providers:\n  - {name: mock, kind: mock, free: true, reply: Hello}\n"

  @Test(
    "whatever a caller names itself, its line is one line and says what it said",
    arguments: [#"a\nb"#, #"\u0000\u001f\""#, #"\\\\\""#, "ü€😀", #"{\"id\":1}"#, #"\u2028\u2029"#])
  func oddNames(name: String) throws {
    try withGateway(Self.mock) { gateway throws in
      let tags = #""user_id":"\#(name)","tags":{"\#(name)":"\#(name)"}"#
      #expect(try gateway.generate("What?", tags).status == 200)
      let lines = gateway.ledger()
      let text = try JSONValue(parsing: "\"\(name)\"")
      #expect(lines.count == 1)
      #expect(lines[0]["user"] == text)
      #expect(lines[0]["tags"][text.string ?? ""] == text)
      #expect(try gateway.get("/stats").json["by_user"].keys == [text.string ?? ""])
    }
  }

  @Test("the longest names and tags that are allowed fit into a line")
  func longNames() throws {
    try withGateway(Self.mock) { gateway throws in
      let name = String(repeating: #"\u0001"#, count: 256)
      let tags = (0..<32).map { "\"\($0)\(String(repeating: #"\u0001"#, count: 60))\":\"\(name)\"" }
      let members = #""user_id":"\#(name)","tags":{\#(tags.joined(separator: ","))}"#
      #expect(try gateway.generate("What?", members).status == 200)
      #expect(gateway.ledger().first?["tags"].keys.count == 32)
    }
  }

  @Test(
    "prompts and answers are in the ledger only where the file says so, and at any length",
    arguments: [false, true])
  func content(isKept: Bool) throws {
    let provider = try FaultyProvider(always: .answer(String(repeating: "long answer ", count: 500_000)))
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: "ledger: {content: \(isKept)}")
    try withGateway(configuration) { gateway throws in
      #expect(try gateway.generate(String(repeating: "long prompt ", count: 500_000)).status == 200)
      let text = try #require(gateway.folder.read("logs/usage.log"))
      #expect(text.contains("long prompt") == isKept)
      #expect(text.contains("long answer") == isKept)
      #expect(gateway.ledger().map { $0["status"] } == ["success"])
    }
  }

  @Test("on a full disk requests are refused, health says so, and everything else goes on")
  func fullDisk() throws {
    let provider = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: Self.oneWorker)
    // Two blocks have room for two lines or three.
    try withGateway(configuration, files: Self.filler, maxFileSize: Self.roomInBlocks) { gateway throws in
      var statuses: [Int] = []
      while statuses.count < 10 { statuses.append(try gateway.generate().status) }
      let served = statuses.prefix { $0 == 200 }.count
      #expect((1...3).contains(served))
      #expect(statuses.dropFirst(served).allSatisfy { $0 == 503 })
      let refused = try gateway.generate()
      #expect(refused.errorCode == "ledger_unavailable")
      #expect(refused.header("retry-after") != nil)
      // The one whose line did not fit was asked; nobody after it.
      #expect(provider.requests.count == served + 1)

      let health = try gateway.get("/health").json
      #expect(health["status"] == "degraded")
      #expect(health["ledger"]["status"] == "failing")
      #expect(health["ledger"]["waiting_lines"] == 1)
      #expect(try gateway.get("/health/ready").status == 503)
      #expect(try gateway.get("/stats").status == 200)
      #expect(gateway.isRunning)
      let whole = gateway.ledger().filter { $0["status"] == "success" }
      #expect(whole.count == served)
    }
  }

  @Test("a disk that is full at the start, with a line cut off, does not keep the gateway from starting")
  func fullAtStart() throws {
    let torn = String(repeating: "x", count: 1_024)
    try withGateway(Self.mock, files: ["logs/usage.log": torn], maxFileSize: 2) { gateway throws in
      #expect(try gateway.generate().errorCode == "ledger_unavailable")
      #expect(try gateway.get("/health").json["ledger"]["status"] == "failing")
    }
  }

  @Test("with on_error: serve a full disk does not end the service")
  func fullDiskServed() throws {
    let configuration = Self.mock + Self.oneWorker + "ledger: {on_error: serve}\n"
    try withGateway(configuration, files: Self.filler, maxFileSize: Self.roomInBlocks) { gateway throws in
      let statuses = try (1...10).map { _ in try gateway.generate().status }
      #expect(statuses.allSatisfy { $0 == 200 })
      #expect(try gateway.get("/health").json["status"] == "degraded")
      #expect(try gateway.get("/stats").json["total_requests"] == 10)
    }
  }

  @Test("when the disk has room again, the line that waited is written once and requests are served")
  func roomAgain() throws {
    let configuration = Self.mock + Self.oneWorker
    try withGateway(configuration, files: Self.filler, maxFileSize: Self.roomInBlocks) { gateway throws in
      var count = 0
      while try gateway.generate().status == 200 { count += 1 }
      // A new file has room.
      let logs = "\(gateway.folder.path)/logs"
      try FileManager.default.moveItem(atPath: "\(logs)/usage.log", toPath: "\(logs)/usage.1.log")
      gateway.signal(SIGHUP)
      #expect(eventually { (try? gateway.get("/health").json["status"] == "ok") == true })
      #expect(try gateway.generate().status == 200)
      let lines = (gateway.ledger("logs/usage.1.log") + gateway.ledger()).filter { $0 != nil }
      #expect(lines.count == count + 2)
      #expect(Set(lines.map { $0["id"] }).count == count + 2)
    }
  }

  @Test("many requests at once, good and bad: each has one line, and the sums agree to the last digit")
  func manyAtOnce() throws {
    let good = try FaultyProvider { .answer(usage: Self.usage($0.index)) }
    let bad = try FaultyProvider { request in
      switch request.index % 5 {
      case 0: .error(500)
      case 1: .cutBody
      case 2: .answer("", usage: Self.usage(request.index))
      case 3: .error(400, message: "no", type: "invalid_request_error")
      default: .answer(usage: Self.usage(request.index))
      }
    }
    let configuration = Configuration.of(
      Configuration.provider("bad", bad.url, "priority: 1"),
      Configuration.provider("good", good.url, "priority: 2"),
      sections: "routing: {penalty: {threshold: 1}}\nbreaker: {failure_threshold: 1000}")
    try withGateway(configuration) { gateway throws in
      let answers = AnswerBox()
      for number in 0..<8 {
        Thread.detachNewThread { ask(gateway, times: 25, as: "u\(number)", answers: answers) }
      }
      #expect(eventually { answers.all.count == 200 })

      let lines = gateway.ledger()
      #expect(lines.count == 200)
      #expect(Set(lines.compactMap { $0["id"].string }).count == 200)
      let answered = answers.all.filter { $0.status == 200 }
      #expect(
        Set(answered.compactMap { $0.json["id"].string }).isSubset(
          of: Set(lines.compactMap { $0["id"].string })))
      #expect(lines.count { $0["status"] == "success" } == answered.count)
      #expect(lines.count { $0["http_status"] == 400 } == answers.all.count { $0.status == 400 })
      #expect(answers.all.allSatisfy { $0.status == 200 || $0.status == 400 })

      let sum = lines.reduce(Decimal(0)) { $0 + ($1["cost_usd"].amount ?? -1_000) }
      let stats = try gateway.get("/stats").json
      #expect(stats["total_requests"] == 200)
      #expect(stats["total_success"].number == Decimal(answered.count))
      #expect(stats["total_cost"].amount == sum)
      let tokens = lines.reduce(Decimal(0)) { $0 + ($1["total_tokens"].number ?? -1_000) }
      #expect(stats["total_tokens"].number == tokens)
      // What was answered costs what its answer said.
      let costs = Dictionary(uniqueKeysWithValues: lines.map { ($0["id"], $0["cost_usd"].amount) })
      #expect(answered.allSatisfy { costs[$0.json["id"]] == $0.json["cost"].amount })
      #expect(try gateway.provider("bad")["in_flight"] == 0)
      #expect(try gateway.provider("good")["in_flight"] == 0)
    }
  }

  /// Asks on one connection, one request after another.
  private func ask(_ gateway: GatewayProcess, times: Int, as user: String, answers: AnswerBox) {
    guard let client = try? gateway.connect() else { return }
    let body = GatewayProcess.body("What?", #""user_id":"\#(user)""#)
    for _ in 0..<times {
      guard (try? client.send(GatewayProcess.message("POST", "/generate", body))) != nil,
        let answer = try? client.response()
      else { return }
      answers.add(answer)
    }
  }

  /// Another usage for each request, so that no two costs are the same.
  private static func usage(_ index: Int) -> String {
    #"{"prompt_tokens":\#(index * 7 + 1),"completion_tokens":\#(index + 3),"total_tokens":\#(index * 8 + 4)}"#
  }
}

/// The answers that all threads got.
private final class AnswerBox: @unchecked Sendable {
  // @unchecked: `answers` is touched under the lock only.
  private let lock = NSLock()
  private var answers: [RawResponse] = []

  func add(_ answer: RawResponse) {
    lock.withLock { answers.append(answer) }
  }

  var all: [RawResponse] { lock.withLock { answers } }
}
