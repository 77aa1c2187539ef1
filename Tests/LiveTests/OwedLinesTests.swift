import Foundation
import TestSupport
import Testing

/// Lines that a crash left owing, and no room on the disk to write them.
@Suite struct OwedLinesTests {
  /// One worker's table takes 256 kB, and 256 kB more while it holds what is owed; the ledger has room up to
  /// the limit, which a filler takes.
  private static let limitInBlocks = 1_536
  private static let sections = "server: {workers: 1}"

  /// A gateway killed with `count` requests in flight; their users are `0`, `1`, ….
  private func crash(
    _ configuration: String, in folder: TemporaryFolder, _ provider: FaultyProvider, _ count: Int
  )
    throws
  {
    let gateway = try GatewayProcess(configuration, in: folder)
    var clients: [RawClient] = []
    for user in 0..<count {
      let client = try gateway.connect()
      try client.send(
        GatewayProcess.message(
          "POST", "/generate", GatewayProcess.body("What?", #""max_tokens":1000,"user_id":"\#(user)""#)))
      clients.append(client)
    }
    #expect(eventually { provider.requests.count == count })
    gateway.signal(SIGKILL)
    #expect(try gateway.waitForEnd() == .signal(SIGKILL))
    withExtendedLifetime(clients) {}
  }

  /// Makes the ledger as large as a file may be.
  private func fill(_ folder: TemporaryFolder) throws {
    let limit = Self.limitInBlocks * 512
    let text = folder.read("logs/usage.log") ?? ""
    var filler = text
    while limit - filler.utf8.count > 1_000 { filler += String(repeating: "x", count: 999) + "\n" }
    filler += String(repeating: "x", count: limit - filler.utf8.count - 1) + "\n"
    try folder.write(filler, to: "logs/usage.log")
  }

  /// Slots of the table of requests in flight that are not empty: those whose first word is not zero.
  private func takenSlots(_ folder: TemporaryFolder) -> Int? {
    guard let data = FileManager.default.contents(atPath: "\(folder.path)/logs/usage.log.inflight") else {
      return nil
    }
    return stride(from: 0, to: data.count, by: 1_024).count { data[$0..<$0 + 8].contains { $0 != 0 } }
  }

  private func unknownUsers(_ folder: TemporaryFolder) throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/logs").filter {
      $0 == "usage.log" || $0 == "usage.log.1"
    }
    return names.flatMap { name in
      (folder.read("logs/\(name)") ?? "").split(separator: "\n").compactMap { line in
        let value = try? JSONValue(parsing: String(line))
        return value?["status"] == "unknown" ? value?["user"].string : nil
      }
    }.sorted()
  }

  @Test("a start without room for them serves 503 and says why, and writes each once when there is room")
  func roomLater() throws {
    let provider = try FaultyProvider(always: .silence)
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url),
      sections: Self.sections + "\nbudgets: {per_user_usd: 1.00}")
    let folder = try TemporaryFolder()
    try crash(configuration, in: folder, provider, 3)
    try fill(folder)

    // Killed and started again before there is room: nothing is lost, nothing doubled.
    for _ in 1...2 {
      let full = try GatewayProcess(configuration, in: folder, maxFileSize: Self.limitInBlocks)
      #expect(try full.generate().errorCode == "ledger_unavailable")
      let health = try full.get("/health").json
      #expect(health["status"] == "degraded")
      #expect(health["ledger"]["status"] == "failing")
      #expect(health["ledger"]["waiting_lines"] == 3)
      #expect(try full.get("/stats").json["total_requests"] == 3)
      #expect(takenSlots(folder) == 3)
      full.signal(SIGKILL)
      _ = try full.waitForEnd()
      #expect(try unknownUsers(folder) == [])
    }

    let gateway = try GatewayProcess(configuration, in: folder, maxFileSize: Self.limitInBlocks)
    // What is owed is charged already.
    let budgets = try gateway.get("/budgets").json["budgets"].elements.filter { $0["kind"] == "user" }
    #expect(budgets.count { ($0["spent"].amount ?? 0) > 0 } == 3)
    // A new file has room.
    let logs = "\(folder.path)/logs"
    try FileManager.default.moveItem(atPath: "\(logs)/usage.log", toPath: "\(logs)/usage.log.1")
    gateway.signal(SIGHUP)
    #expect(eventually { (try? gateway.get("/health").json["ledger"]["status"] == "ok") == true })
    #expect(try unknownUsers(folder) == ["0", "1", "2"])
    // The table forgets them once they are on the disk.
    #expect(eventually { takenSlots(folder) == 0 })
    gateway.signal(SIGKILL)
    _ = try gateway.waitForEnd()
    let last = try GatewayProcess(configuration, in: folder)
    #expect(try unknownUsers(folder) == ["0", "1", "2"])
    #expect(try last.get("/stats").json["total_requests"] == 3)
  }

  @Test("SIGTERM without room for a line says that it is kept, and the next start writes it as it was")
  func endsWithoutRoom() throws {
    let provider = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: Self.sections)
    let folder = try TemporaryFolder()
    try folder.write("", to: "logs/usage.log")
    try fill(folder)
    let full = try GatewayProcess(configuration, in: folder, maxFileSize: Self.limitInBlocks)
    #expect(try full.generate().errorCode == "ledger_unavailable")
    #expect(provider.requests.count == 1)
    #expect(try full.get("/health").json["ledger"]["waiting_lines"] == 1)
    full.signal(SIGTERM)
    #expect(try full.waitForEnd() == .exit(1))
    #expect(full.errors.contains("1 lines are kept in") && !full.errors.contains("lost"), "\(full.errors)")
    #expect(takenSlots(folder) == 1)

    let next = try GatewayProcess(configuration, in: folder)
    #expect(eventually { next.errors.contains("the lines of 1 requests had found no room") })
    let lines = next.ledger().filter { $0["id"] != .null }
    #expect(lines.count == 1 && lines.first?["status"] == "success" && lines.first?["completion_tokens"] != 0)
    #expect(try next.get("/stats").json["total_success"] == 1)
    #expect(takenSlots(folder) == 0)
  }
}
