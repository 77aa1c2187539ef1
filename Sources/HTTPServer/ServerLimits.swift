package import HTTP

/// What one client may take of the server's time and memory.
package struct ServerLimits: Sendable {
  package var head = HeadLimits()
  /// Bytes of one request's body; more is 413.
  package var maxBodySize = 33_554_432
  /// From a request's first byte to the end of its head, however it drips.
  package var headTimeout: Duration = .seconds(15)
  /// Between two reads of a body.
  package var bodyIdleTimeout: Duration = .seconds(30)
  /// For a whole body: at least 100 kB/s of the largest.
  package var bodyTimeout: Duration = .seconds(330)
  /// Between two requests of one connection.
  package var keepAliveTimeout: Duration = .seconds(75)
  /// For a client that does not read its answer.
  package var writeTimeout: Duration = .seconds(30)
  /// How long a refused client may go on sending before it is cut, so that it can read the refusal.
  package var lingerTimeout: Duration = .seconds(2)
  /// Connections of one loop; above it new ones wait in the kernel's queue.
  package var maxConnections = 20_000

  package init() {}
}
