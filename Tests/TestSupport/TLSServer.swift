internal import Foundation

/// A TLS server whose certificate nobody vouches for: `openssl s_server` with a key of its own.
package final class TLSServer: Sendable {
  package let port: Int
  private let process: ChildProcess
  private let folder: TemporaryFolder

  private static let openssl = "/usr/bin/openssl"
  package static let isAvailable = FileManager.default.isExecutableFile(atPath: openssl)

  package enum Failure: Error {
    case noCertificate(String)
    case notServing(String)
  }

  package init() throws {
    folder = try TemporaryFolder()
    let key = "\(folder.path)/key.pem"
    let certificate = "\(folder.path)/certificate.pem"
    let making = try ChildProcess([
      Self.openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
      "-addext", "subjectAltName=DNS:localhost",
    ])
    guard try making.waitForEnd() == .exit(0) else { throw Failure.noCertificate(making.errors) }
    process = try ChildProcess([
      Self.openssl, "s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-naccept",
      "100",
    ])
    let process = process
    _ = eventually { Self.port(in: process.output) != nil || !process.isRunning }
    guard let port = Self.port(in: process.output) else { throw Failure.notServing(process.errors) }
    self.port = port
  }

  /// The port in "ACCEPT 127.0.0.1:40123".
  private static func port(in output: String) -> Int? {
    guard
      let line = output.components(separatedBy: "\n").dropLast().first(where: { $0.hasPrefix("ACCEPT ") }),
      let colon = line.lastIndex(of: ":")
    else { return nil }
    return Int(line[line.index(after: colon)...].prefix { $0.isNumber })
  }

  /// What clients have sent, among what else it says.
  package var received: String { process.output }
}
