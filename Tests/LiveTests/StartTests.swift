import Foundation
import TestSupport
import Testing

/// Starting the program: right, wrong, and with a configuration that is neither.
@Suite struct StartTests {
  private static let mock = "providers:\n  - {name: mock, kind: mock, free: true, reply: Hello}\n"

  /// Runs the program to its end in a folder with these files; `FOLDER` in an argument is that folder.
  private func run(
    _ arguments: [String], files: [String: String] = [:], environment: [String: String] = [:]
  ) throws -> (ending: ChildProcess.Ending, output: String, errors: String) {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(text, to: name) }
    let process = try ChildProcess(
      [GatewayProcess.program] + arguments.map { $0.replacingOccurrences(of: "FOLDER", with: folder.path) },
      environment: environment)
    let ending = try process.waitForEnd()
    return (ending, process.output, process.errors)
  }

  private static let inFolder = ["--config", "FOLDER/providers.yaml"]

  @Test(
    "wrong usage ends with 2, and says what is right on standard error",
    arguments: [
      ["--no-such-option"], ["nonsense"], ["serve", "--port"], ["serve", "--port", "http"],
      ["serve", "--port", "70000"], ["serve", "--port", "-1"], ["check", "extra"], ["--config"],
    ])
  func wrongUsage(arguments: [String]) throws {
    let end = try run(arguments)
    #expect(end.ending == .exit(2))
    #expect(end.output.isEmpty)
    #expect(end.errors.contains("Usage: tollgate") || end.errors.contains("See 'tollgate"))
  }

  @Test("--version and --help say what it is", arguments: ["--version", "--help", "help"])
  func help(argument: String) throws {
    let end = try run([argument])
    #expect(end.ending == .exit(0))
    #expect(end.output.contains("tollgate"))
    #expect(end.errors.isEmpty)
  }

  @Test("every command has its --help", arguments: ["serve", "check"])
  func helpOfCommand(command: String) throws {
    let end = try run([command, "--help"])
    #expect(end.ending == .exit(0))
    #expect(end.output.contains("--config"))
  }

  @Test("check shows what a good file comes to, and no key")
  func check() throws {
    let key = GatewayProcess.providerKey
    let file = Configuration.of(Configuration.provider("first", "https://example.com/v1"))
    let end = try run(
      ["check"] + Self.inFolder, files: ["providers.yaml": file], environment: ["PROVIDER_KEY": key])
    #expect(end.ending == .exit(0))
    #expect(end.output.contains("first-model"))
    #expect(!end.output.contains(key) && !end.errors.contains(key))
  }

  @Test(
    "a file that is wrong is refused with file, line and column",
    arguments: [
      ("providers:\n  - name: [x", "providers.yaml:"), ("providers: {\n", "providers.yaml:"),
      ("\tproviders:\n", "providers.yaml:1:"), (Self.mock + "    colour: red\n", "providers.yaml:3:"),
      ("providers:\n  - {name: mock, kind: mock, fre: true}\n", "'free'"),
      ("providers:\n  - {name: a, base_url: http://x/v1, model: m}\n", "price"),
      ("providers:\n  - {name: a, model: m, free: true}\n", "base_url"),
      (
        "providers:\n  - {name: a, kind: mock, free: true}\n  - {name: a, kind: mock, free: true}\n",
        "providers.yaml:3:"
      ),
      (Self.mock + "server: {port: 99999}\n", "port"), (Self.mock + "server: {host: 0.0.0.0}\n", "key"),
      (Self.mock + "breaker: {cooldown: soon}\n", "cooldown"), (Self.mock + Self.mock, "providers.yaml:3:"),
      ("providers: []\n", "providers"), ("", "providers"), ("null\n", "providers"), ("7\n", "providers.yaml"),
      ("server: {port: 1}\n", "providers"),
    ])
  func wrongFile(file: String, words: String) throws {
    for arguments in [["check"] + Self.inFolder, ["serve", "--port", "0"] + Self.inFolder] {
      let end = try run(arguments, files: ["providers.yaml": file])
      #expect(end.ending == .exit(1))
      #expect(end.errors.contains(words))
      #expect(end.output.isEmpty)
    }
  }

  @Test("a file that is not there, or is a folder, is an error that names it", arguments: ["serve", "check"])
  func noFile(command: String) throws {
    let missing = try run([command] + Self.inFolder)
    #expect(missing.ending == .exit(1))
    #expect(missing.errors.contains("providers.yaml"))
    let folder = try run([command] + Self.inFolder, files: ["providers.yaml/file": ""])
    #expect(folder.ending == .exit(1))
    #expect(folder.errors.contains("providers.yaml"))
  }

  @Test("a provider whose key is missing is listed as disabled, and the others serve")
  func missingKey() throws {
    let file =
      Configuration.of(Configuration.provider("first", "https://example.com/v1")) + Self.mock.dropFirst(11)
    try withGateway(file, environment: ["PROVIDER_KEY": ""]) { gateway throws in
      #expect(eventually { gateway.output.contains("first (first-model): disabled: PROVIDER_KEY is") })
      #expect(try gateway.provider("first")["disabled_reason"].string?.contains("PROVIDER_KEY") == true)
      #expect(try gateway.generate().tries == ["mock: success"])
    }
  }

  @Test("a key may come from .env beside the file")
  func environmentFile() throws {
    let provider = try FaultyProvider(always: .answer())
    let file = Configuration.of(Configuration.provider("first", provider.url))
      .replacingOccurrences(of: "PROVIDER_KEY", with: "OTHER_KEY")
    try withGateway(file, files: [".env": "OTHER_KEY=\(GatewayProcess.providerKey)\n"]) { gateway throws in
      #expect(try gateway.generate().status == 200)
      #expect(provider.requests.first?.header("authorization") == "Bearer \(GatewayProcess.providerKey)")
    }
  }

  @Test("without any provider that may be called it serves, and says so")
  func noProvider() throws {
    let file = Configuration.of(Configuration.provider("first", "https://example.com/v1"))
    try withGateway(file, environment: ["PROVIDER_KEY": ""]) { gateway throws in
      let response = try gateway.generate()
      #expect(response.status == 503)
      #expect(response.errorCode == "no_provider_available")
      #expect(try gateway.get("/health/ready").status == 503)
      #expect(try gateway.get("/health").json["status"] == "degraded")
    }
  }

  @Test("a port that is in use is an error that says what to do")
  func portInUse() throws {
    try withGateway(Self.mock) { gateway throws in
      let end = try run(
        ["serve", "--port", "\(gateway.port)"] + Self.inFolder, files: ["providers.yaml": Self.mock])
      #expect(end.ending == .exit(1))
      #expect(end.errors.contains("127.0.0.1:\(gateway.port)") && end.errors.contains("--port"))
      #expect(try gateway.generate().status == 200)
    }
  }

  @Test(
    "an address that is not this machine's is an error", arguments: ["192.0.2.1", "no-such-host.invalid"])
  func foreignAddress(host: String) throws {
    let file = Self.mock + "server: {allow_open: true}\n"
    let end = try run(
      ["serve", "--port", "0", "--host", host] + Self.inFolder, files: ["providers.yaml": file])
    #expect(end.ending == .exit(1))
    #expect(end.errors.contains(host))
  }

  @Test("without client keys only a loopback address is served")
  func openAddress() throws {
    let end = try run(
      ["serve", "--port", "0", "--host", "0.0.0.0"] + Self.inFolder, files: ["providers.yaml": Self.mock])
    #expect(end.ending == .exit(1))
    #expect(end.errors.contains("key"))
  }

  @Test("the ledger's folder is made where it is missing")
  func missingLedgerFolder() throws {
    try withGateway(Self.mock + "ledger: {path: a/b/c/usage.log}\n") { gateway throws in
      #expect(try gateway.generate().status == 200)
      #expect(gateway.ledger("a/b/c/usage.log").count == 1)
    }
  }

  @Test(
    "a ledger that cannot be is an error that names it",
    arguments: ["providers.yaml/usage.log", "/dev/null/usage.log", ".", "/dev/full"])
  func impossibleLedger(path: String) throws {
    let file = Self.mock + "ledger: {path: \(path)}\n"
    let end = try run(["serve", "--port", "0"] + Self.inFolder, files: ["providers.yaml": file])
    #expect(end.ending == .exit(1))
    #expect(end.errors.contains("ledger") || end.errors.contains("usage log"))
    #expect(end.output.isEmpty)
  }

  @Test("a line that a crash cut off is ended, and the next one is whole")
  func tornLine() throws {
    let torn = #"{"time":"2026-11-21T09:00:00.123Z","id":"req_1","#
    try withGateway(Self.mock, files: ["logs/usage.log": torn]) { gateway throws in
      #expect(eventually { gateway.errors.contains("inside a line") })
      #expect(try gateway.generate().status == 200)
      let lines = gateway.ledger()
      #expect(lines.count == 2)
      #expect(lines[0] == nil)
      #expect(lines[1]["status"] == "success")
    }
  }
}
