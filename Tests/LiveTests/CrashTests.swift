import Foundation
import TestSupport
import Testing

/// kill -9 under load. `scripts/soak crash` is the long form.
@Suite struct CrashTests {
  @Test(
    "after kill -9 under load every request that was served has one line, and the audit is clean",
    arguments: ["", "ledger: {rotate_bytes: 8000}"])
  func killed(section: String) throws {
    let provider = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: "server: {workers: 2}\n" + section)
    let folder = try TemporaryFolder()
    for round in 0..<4 {
      let gateway = try GatewayProcess(configuration, in: folder)
      for caller in 0..<16 {
        Thread.detachNewThread { askForEver(gateway, as: "\(round)-\(caller)") }
      }
      // Each round is cut at another place.
      let count = provider.requests.count + 20 + 37 * round
      #expect(eventually { provider.requests.count >= count })
      gateway.signal(SIGKILL)
      #expect(try gateway.waitForEnd() == .signal(SIGKILL))
      try audit(folder)
    }
    let last = try GatewayProcess(configuration, in: folder)
    try audit(folder)
    let lines = try lines(in: folder)
    #expect(Set(lines).count == lines.count)
    let served = Set(provider.requests.compactMap { $0.json["messages"].elements.last?["content"].string })
    #expect(served.subtracting(lines).isEmpty)
    #expect(last.isRunning)
  }

  /// The user of every line, in all files of the ledger.
  private func lines(in folder: TemporaryFolder) throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/logs")
    let files = names.filter { $0 == "usage.log" || Int($0.split(separator: ".").last ?? "") != nil }
    return files.flatMap { name in
      (folder.read("logs/\(name)") ?? "").split(separator: "\n").compactMap { line in
        (try? JSONValue(parsing: String(line)))?["user"].string
      }
    }
  }

  private func audit(_ folder: TemporaryFolder) throws {
    let process = try ChildProcess(
      [GatewayProcess.program, "audit", "--config", "\(folder.path)/providers.yaml"],
      environment: ["PROVIDER_KEY": GatewayProcess.providerKey])
    let ending = try process.waitForEnd()
    #expect(ending == .exit(0), "\(process.output)")
  }
}

/// Asks on one connection until the gateway is gone. Each request's name is its prompt and its user.
private func askForEver(_ gateway: GatewayProcess, as name: String) {
  guard let client = try? gateway.connect() else { return }
  for number in 0... {
    let user = "\(name)-\(number)"
    let body = GatewayProcess.body(user, #""user_id":"\#(user)""#)
    guard (try? client.send(GatewayProcess.message("POST", "/generate", body))) != nil,
      (try? client.response()) != nil
    else { return }
  }
}
