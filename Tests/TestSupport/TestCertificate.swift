internal import Foundation

/// A certificate for `localhost` that is its own authority: nobody vouches for it who was not told to.
package final class TestCertificate: Sendable {
  private let folder: TemporaryFolder
  /// The certificate's file, also for who is to trust it.
  package let path: String
  let key: String

  static let openssl = "/usr/bin/openssl"
  package static let isAvailable = FileManager.default.isExecutableFile(atPath: openssl)

  package struct Failure: Error {
    package let said: String
  }

  package init() throws {
    folder = try TemporaryFolder()
    key = "\(folder.path)/key.pem"
    path = "\(folder.path)/certificate.pem"
    let making = try ChildProcess([
      Self.openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-keyout", key, "-out", path, "-days", "2", "-subj", "/CN=localhost",
      "-addext", "subjectAltName=DNS:localhost",
    ])
    guard try making.waitForEnd() == .exit(0) else { throw Failure(said: making.errors) }
  }
}
