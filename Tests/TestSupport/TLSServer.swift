internal import Foundation

/// A TLS server whose certificate nobody vouches for: `openssl s_server` with a key of its own.
package final class TLSServer: Sendable {
  package let port: Int
  private let process: ChildProcess
  private let certificate: TestCertificate

  package static let isAvailable = TestCertificate.isAvailable

  package enum Failure: Error {
    case notServing(String)
  }

  package init() throws {
    certificate = try TestCertificate()
    process = try ChildProcess([
      TestCertificate.openssl, "s_server", "-accept", "127.0.0.1:0", "-key", certificate.key, "-cert",
      certificate.path, "-naccept", "100",
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
