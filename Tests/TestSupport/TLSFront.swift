internal import Foundation
internal import Glibc

/// TLS before a provider, with HTTP/2 or without: nginx, which passes on what it is asked.
///
/// The provider is told by `X-Protocol` what the gateway has spoken, and by `X-Connection` which of its
/// connections it was.
package final class TLSFront: Sendable {
  package let port: Int
  private let process: ChildProcess
  private let folder: TemporaryFolder

  private static let nginx = "/usr/sbin/nginx"
  package static let isAvailable =
    TestCertificate.isAvailable && FileManager.default.isExecutableFile(atPath: nginx)

  package struct Failure: Error {
    package let said: String
  }

  package init(
    before provider: FaultyProvider, certificate: TestCertificate, speaksHTTP2: Bool = true
  ) throws {
    folder = try TemporaryFolder()
    // nginx cannot tell which port it was given, so one is looked for, and somebody may be quicker.
    var said = ""
    for _ in 0..<10 {
      let port = try Socket.bound().port
      let text = Self.configuration(
        port: port, provider: provider.port, certificate: certificate, speaksHTTP2: speaksHTTP2)
      try folder.write(text, to: "nginx.conf")
      let process = try ChildProcess([
        Self.nginx, "-p", folder.path, "-c", "\(folder.path)/nginx.conf", "-e", "stderr",
      ])
      let isServing = eventually { (try? Socket.connected(to: port)) != nil || !process.isRunning }
      if isServing, process.isRunning {
        (self.port, self.process) = (port, process)
        return
      }
      said = process.errors
    }
    throw Failure(said: said)
  }

  private static func configuration(
    port: Int, provider: Int, certificate: TestCertificate, speaksHTTP2: Bool
  ) -> String {
    // As root, nginx would work as another user, who cannot enter the folder.
    (geteuid() == 0 ? "user root;\n" : "") + """
      daemon off;
      master_process off;
      pid nginx.pid;
      error_log stderr crit;
      events { worker_connections 256; }
      http {
        access_log off;
        client_body_temp_path client_body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        server {
          listen 127.0.0.1:\(port) ssl\(speaksHTTP2 ? " http2" : "");
          ssl_certificate \(certificate.path);
          ssl_certificate_key \(certificate.key);
          location / {
            proxy_pass http://127.0.0.1:\(provider);
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header X-Protocol $server_protocol;
            proxy_set_header X-Connection $connection;
            proxy_buffering off;
          }
        }
      }
      """
  }
}
