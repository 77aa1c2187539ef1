internal import Foundation

/// An event stream as providers send it: what is in it, and how it is put on the wire.
package struct EventStream: Sendable {
  /// The `data` of each event.
  package var events: [String]
  package var lineEnd = "\n"

  package init(_ events: [String], lineEnd: String = "\n") {
    self.events = events
    self.lineEnd = lineEnd
  }

  /// OpenAI's chunks of an answer in these pieces, from the role to `[DONE]`. `usage` is JSON.
  package static func chat(
    _ pieces: [String] = ["Hi", " you", "."], usage: String? = ProviderReply.usage
  ) -> EventStream {
    let role = #"{"choices":[{"index":0,"delta":{"role":"assistant"}}]}"#
    let texts = pieces.map { #"{"choices":[{"index":0,"delta":{"content":"\#($0)"}}]}"# }
    let finish = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
    let counts = usage.map { #"{"choices":[],"usage":\#($0)}"# }
    return EventStream([role] + texts + [finish] + (counts.map { [$0] } ?? []) + ["[DONE]"])
  }

  /// The bytes of each event.
  package var packets: [[UInt8]] { events.map { Array("data: \($0)\(lineEnd)\(lineEnd)".utf8) } }
  package var bytes: [UInt8] { packets.flatMap { $0 } }

  /// What the caller gets who did not ask for usage: all but the event that holds nothing else.
  package var bytesWithoutUsage: [UInt8] {
    EventStream(events.filter { !$0.hasPrefix(#"{"choices":[],"usage""#) }, lineEnd: lineEnd).bytes
  }
}

extension ProviderReply {
  private static let eventStreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"

  /// The chunked answer whose body is these packets, each sent by itself. Without its `isComplete` end the
  /// connection ends where more was announced.
  package static func chunked(_ packets: [[UInt8]], isComplete: Bool = true) -> ProviderReply {
    let head = eventStreamHead + "Transfer-Encoding: chunked\r\n\r\n"
    return ProviderReply(
      [.send(Array(head.utf8))] + packets.filter { !$0.isEmpty }.map { .send(chunk($0)) }
        + [isComplete ? .send(Array("0\r\n\r\n".utf8)) : .end])
  }

  /// The answer whose body is these bytes, up to the end of the connection: nothing tells a cut from an end.
  package static func endedByClose(_ bytes: [UInt8]) -> ProviderReply {
    ProviderReply([.send(Array((eventStreamHead + "Connection: close\r\n\r\n").utf8) + bytes), .end])
  }

  /// The start of a stream, with which the provider then does `steps`.
  package static func begun(_ packets: [[UInt8]], then steps: [Step]) -> ProviderReply {
    var reply = chunked(packets)
    reply.steps.removeLast()
    return ProviderReply(reply.steps + steps)
  }

  /// The stream, each event in a packet.
  package static func stream(_ stream: EventStream = .chat()) -> ProviderReply {
    chunked(stream.packets)
  }

  /// The chunk of a chunked body that holds `bytes` (RFC 9112 §7.1).
  package static func chunk(_ bytes: [UInt8]) -> [UInt8] {
    Array((String(bytes.count, radix: 16) + "\r\n").utf8) + bytes + Array("\r\n".utf8)
  }
}
