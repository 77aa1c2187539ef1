internal import Foundation
internal import Synchronization

/// The built gateway, running on a free port with a configuration of its own, as a user would have it.
///
/// Everything that it says is searched for `secrets`: a provider's key must not come out anywhere.
package final class GatewayProcess: Sendable {
  package let folder: TemporaryFolder
  package let port: Int
  private let process: ChildProcess
  private let leakedAnswers: Leaks

  private final class Leaks: Sendable {
    let count = Mutex(0)
  }

  package enum Failure: Error {
    /// It ended before it served.
    case notServing(errors: String)
  }

  /// The provider key of all tests' configurations, in pieces that no message would be made of.
  package static let providerKey = "sk-tollgate-9d41c7e2b8f05a63"

  /// Starts a gateway with `configuration` as its `providers.yaml`, and waits until it serves.
  ///
  /// It runs in `folder`, where an earlier one may have left its ledger, or else in a new one. `files` are
  /// written beside the configuration. `maxFileSize`, in blocks of 512 bytes, stands in for a full disk.
  package init(
    _ configuration: String, in folder: TemporaryFolder? = nil, files: [String: String] = [:],
    arguments: [String] = [], environment: [String: String] = [:], maxFileSize: Int? = nil,
    maxDescriptors: Int? = nil
  ) throws {
    let folder = try folder ?? TemporaryFolder()
    self.folder = folder
    try folder.write(configuration, to: "providers.yaml")
    for (name, text) in files { try folder.write(text, to: name) }
    var command =
      [Self.program, "serve", "--port", "0", "--config", "\(folder.path)/providers.yaml"] + arguments
    if let maxFileSize {
      command = ["/bin/sh", "-c", "ulimit -f \(maxFileSize); exec \"$0\" \"$@\""] + command
    }
    var variables = ["PROVIDER_KEY": Self.providerKey]
    // ThreadSanitizer would write a file of its own there, and die of the limit instead of the gateway.
    if maxFileSize != nil { variables["TMPDIR"] = "/nonexistent" }
    process = try ChildProcess(command, environment: environment.merging(variables) { own, _ in own })
    leakedAnswers = Leaks()
    let process = process
    _ = eventually { Self.port(in: process.output) != nil || !process.isRunning }
    guard let port = Self.port(in: process.output) else {
      _ = try? process.waitForEnd()
      throw Failure.notServing(errors: process.errors)
    }
    self.port = port
  }

  /// The built program stands beside the test bundle.
  package static let program: String = {
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("tollgate").path
  }()

  /// The port in "tollgate 0.1.0 serves http://127.0.0.1:8000 with 2 workers".
  private static func port(in output: String) -> Int? {
    guard let line = output.components(separatedBy: "\n").first(where: { $0.contains(" serves http://") }),
      output.hasSuffix("\n"),
      let colon = line.lastIndex(of: ":")
    else { return nil }
    return Int(line[line.index(after: colon)...].prefix { $0.isNumber })
  }

  package var output: String { process.output }
  package var errors: String { process.errors }
  package var isRunning: Bool { process.isRunning }

  package func signal(_ number: Int32) { process.signal(number) }
  package func waitForEnd() throws -> ChildProcess.Ending { try process.waitForEnd() }

  /// Replaces the configuration file.
  package func configure(_ configuration: String) throws {
    try folder.write(configuration, to: "providers.yaml")
  }

  // MARK: The ledger

  /// The ledger's lines, in order; a line that is not JSON is null.
  package func ledger(_ name: String = "logs/usage.log") -> [JSONValue] {
    (folder.read(name) ?? "").split(separator: "\n").map { (try? JSONValue(parsing: String($0))) ?? .null }
  }

  /// The ledger once it has `count` lines, or what it has in the end.
  package func ledger(waitingFor count: Int) -> [JSONValue] {
    _ = eventually { ledger().count >= count }
    return ledger()
  }

  // MARK: Asking

  package func connect() throws -> RawClient {
    let leaks = leakedAnswers
    return try RawClient(port: port) { bytes in
      if Self.holdsSecret(bytes) { leaks.count.withLock { $0 += 1 } }
    }
  }

  /// One request on a connection of its own.
  package func send(
    _ method: String, _ path: String, _ body: String? = nil, fields: [String] = []
  ) throws -> RawResponse {
    let client = try connect()
    try client.send(Self.message(method, path, body, fields: fields + ["Connection: close"]))
    return try client.response(toHead: method == "HEAD")
  }

  package func get(_ path: String, fields: [String] = []) throws -> RawResponse {
    try send("GET", path, fields: fields)
  }

  /// `POST /generate`. `members` are further members of the body, as JSON.
  package func generate(
    _ prompt: String = "What is it?", _ members: String = "", fields: [String] = []
  ) throws -> RawResponse {
    try send("POST", "/generate", Self.body(prompt, members), fields: fields)
  }

  package static func body(_ prompt: String = "What is it?", _ members: String = "") -> String {
    #"{"prompt":"\#(prompt)"\#(members.isEmpty ? "" : ",")\#(members)}"#
  }

  /// A request as a well-behaved client sends it.
  package static func message(
    _ method: String, _ path: String, _ body: String? = nil, fields: [String] = []
  ) -> String {
    let length = body.map { ["Content-Type: application/json", "Content-Length: \($0.utf8.count)"] } ?? []
    return (["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1"] + length + fields).joined(separator: "\r\n")
      + "\r\n\r\n" + (body ?? "")
  }

  /// The entry of `GET /providers` for one provider.
  package func provider(_ id: String) throws -> JSONValue {
    try get("/providers").json.elements.first { $0["id"].string == id } ?? .null
  }

  // MARK: Secrets

  private static func holdsSecret(_ bytes: [UInt8]) -> Bool {
    String(decoding: bytes, as: UTF8.self).contains(providerKey)
  }

  /// Where the provider's key has come out; empty is right.
  package var leaks: [String] {
    var places: [String] = []
    if leakedAnswers.count.withLock({ $0 > 0 }) { places.append("an answer") }
    if output.contains(Self.providerKey) { places.append("standard output") }
    if errors.contains(Self.providerKey) { places.append("standard error") }
    if folder.read("logs/usage.log")?.contains(Self.providerKey) == true { places.append("the ledger") }
    return places
  }
}
