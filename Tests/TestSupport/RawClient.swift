internal import Foundation

/// A client that sends exactly the bytes it is told, and reads answers by itself.
///
/// Every wait ends after `patience`. For one thread at a time.
package final class RawClient {
  private let socket: Socket
  private var received: [UInt8] = []
  private let inspect: @Sendable ([UInt8]) -> Void

  /// Connects to `port` on the loopback address. `inspect` is shown every byte that comes back.
  package init(port: Int, inspect: @escaping @Sendable ([UInt8]) -> Void = { _ in }) throws {
    socket = try Socket.connected(to: port)
    self.inspect = inspect
  }

  package enum Failure: Error {
    case endedInsideAnswer(received: String)
    case notHTTP(String)
  }

  package func send(_ text: String) throws {
    try socket.send(text.utf8)
  }

  package func send(_ bytes: [UInt8]) throws {
    try socket.send(bytes)
  }

  /// Sends piece after piece until all is sent, or the server has answered, or it has cut the connection.
  package func sendUntilAnswered(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty, !socket.isReadable(within: 0) {
      guard (try? socket.send(rest.prefix(65_536))) != nil else { return }
      rest = rest.dropFirst(65_536)
    }
  }

  /// Says that nothing more will be sent.
  package func endSending() {
    socket.endSending()
  }

  /// Reads one whole answer. `toHead`: the answer to a HEAD request, which has no body.
  package func response(toHead: Bool = false) throws -> RawResponse {
    var head = try responseHead()
    guard !toHead, head.status != 204, head.status != 304 else { return head }
    if let length = head.header("content-length").flatMap({ Int($0) }) {
      while received.count < length { try fill() }
      head.body = Array(received[..<length])
      received.removeFirst(length)
    } else if head.header("transfer-encoding")?.lowercased() == "chunked" {
      head.body = try chunkedBody()
    } else {
      head.body = try remainder()
    }
    return head
  }

  /// Reads an answer's head, such as that of `100 Continue`, and no body.
  package func responseHead() throws -> RawResponse {
    let end = Array("\r\n\r\n".utf8)
    while true {
      if let range = received.firstRange(of: end) {
        let text = String(decoding: received[..<range.lowerBound], as: UTF8.self)
        received.removeSubrange(..<range.upperBound)
        guard let head = RawResponse(head: text) else { throw Failure.notHTTP(text) }
        return head
      }
      try fill()
    }
  }

  private func chunkedBody() throws -> [UInt8] {
    var body: [UInt8] = []
    while let chunk = try nextChunk() { body += chunk }
    return body
  }

  /// The next chunk of a chunked body; nil at its end.
  package func nextChunk() throws -> [UInt8]? {
    let size = try line()
    guard let count = Int(size, radix: 16) else { throw Failure.notHTTP(size) }
    while received.count < count + 2 { try fill() }
    defer { received.removeFirst(count + 2) }
    return count == 0 ? nil : Array(received[..<count])
  }

  /// Reads an answer that may break off: the whole chunks that came, and whether it ended as HTTP has it.
  /// `onHead` is called when the head is there.
  package func responseOrPart(
    onHead: () -> Void = {}
  ) throws -> (response: RawResponse, isComplete: Bool) {
    var response = try responseHead()
    onHead()
    if let length = response.header("content-length").flatMap({ Int($0) }) {
      while received.count < length { try fill() }
      response.body = Array(received[..<length])
      return (response, true)
    }
    do {
      while let chunk = try nextChunk() { response.body += chunk }
      return (response, true)
    } catch Failure.endedInsideAnswer, Socket.Failure.cut {
      return (response, false)
    }
  }

  private func line() throws -> String {
    let end = Array("\r\n".utf8)
    while true {
      if let range = received.firstRange(of: end) {
        let line = String(decoding: received[..<range.lowerBound], as: UTF8.self)
        received.removeSubrange(..<range.upperBound)
        return line
      }
      try fill()
    }
  }

  private func fill() throws {
    let bytes = try socket.receive()
    guard !bytes.isEmpty else {
      throw Failure.endedInsideAnswer(received: String(decoding: received, as: UTF8.self))
    }
    inspect(bytes)
    received += bytes
  }

  /// Everything up to the end of the connection, which the server must bring about.
  package func remainder() throws -> [UInt8] {
    while true {
      let bytes = try socket.receive()
      guard !bytes.isEmpty else { break }
      inspect(bytes)
      received += bytes
    }
    defer { received = [] }
    return received
  }

  /// Whether the server ends the connection without another byte, in order or not.
  package func isEndedByServer() -> Bool {
    do { return try remainder().isEmpty } catch Socket.Failure.cut { return true } catch { return false }
  }

  /// Hangs up. `resets`: as a crash does, rather than in order.
  package func hangUp(resets: Bool = false) {
    if resets { socket.resetOnClose() }
    socket.shutDown()
  }
}

/// An answer as it came.
package struct RawResponse: Sendable {
  package var status: Int
  package var minorVersion: Int
  package var fields: [(name: String, value: String)]
  package var body: [UInt8] = []

  init?(head: String) {
    var lines = head.components(separatedBy: "\r\n")
    let statusLine = lines.removeFirst().split(separator: " ", maxSplits: 2)
    guard statusLine.count >= 2, statusLine[0].hasPrefix("HTTP/1."), let status = Int(statusLine[1]),
      let minorVersion = Int(statusLine[0].dropFirst(7))
    else { return nil }
    self.status = status
    self.minorVersion = minorVersion
    fields = lines.compactMap { line in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (
        String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      )
    }
  }

  /// The value of the first field of that name, whatever case either is in.
  package func header(_ name: String) -> String? {
    fields.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  package var text: String { String(decoding: body, as: UTF8.self) }

  /// The body as JSON; null when it is none.
  package var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
}
