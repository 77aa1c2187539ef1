/// Where the gateway listens and how much it takes in.
package struct ServerConfiguration: Sendable {
  package var host = "127.0.0.1"
  /// 0 is any free port.
  package var port = 8000
  /// The number of event loops; nil is `auto`: one a core.
  package var workers: Int?
  package var maxBodyBytes = 33_554_432
  /// Origins whose pages may call the gateway; `null` is a page opened from a file, `*` is any.
  package var corsOrigins = ["null"]
  package var drainTimeout: Duration = .seconds(30)
  /// Serve a non-loopback address although no client key is set.
  package var allowOpen = false

  package init() {}
}
