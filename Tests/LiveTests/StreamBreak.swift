import TestSupport

/// What a provider does in place of the rest of its stream.
enum StreamBreak: CaseIterable {
  /// The connection ends where more was announced.
  case cut
  /// The connection ends, and nothing tells that more was to come.
  case quietEnd
  case garbage
  case errorEvent
  /// The frames of HTTP are out of step.
  case badFrame
  /// Nothing more comes, and the connection stays.
  case stall

  /// OpenAI's way to say in a stream that it failed.
  static let openAIError = #"data: {"error":{"message":"oops","type":"server_error"}}"#

  /// The provider's answer that sends `begun` and, when the gate opens, `rest`; then it breaks.
  func reply(
    _ begun: [UInt8], _ gate: Gate?, _ rest: [UInt8], errorEvent: String = Self.openAIError
  ) -> ProviderReply {
    let broken = broken(errorEvent: errorEvent)
    let head = self == .quietEnd ? [] : ["Transfer-Encoding: chunked"]
    let start = (["HTTP/1.1 200 OK", "Content-Type: text/event-stream"] + head).joined(separator: "\r\n")
    var steps: [ProviderReply.Step] = []
    let framedHead = Array((start + "\r\n\r\n").utf8)
    if let gate {
      steps = [.send(framedHead + framed(begun)), .wait(gate), .send(framed(rest) + broken)]
    } else {
      steps = [.send(framedHead + framed(begun + rest) + broken)]
    }
    switch self {
    case .cut, .quietEnd, .badFrame: steps.append(.end)
    case .stall: steps.append(.silence)
    case .garbage, .errorEvent: steps.append(.send(Array("0\r\n\r\n".utf8)))
    }
    return ProviderReply(steps)
  }

  private func framed(_ bytes: [UInt8]) -> [UInt8] {
    bytes.isEmpty || self == .quietEnd ? bytes : ProviderReply.chunk(bytes)
  }

  /// The bytes of the break itself.
  private func broken(errorEvent: String) -> [UInt8] {
    switch self {
    case .cut, .quietEnd, .stall: []
    case .garbage: framed(Array("\u{0}\u{1}garbage]\n\n".utf8))
    case .errorEvent: framed(Array("\n\n\(errorEvent)\n\n".utf8))
    case .badFrame: Array("zz\r\n".utf8)
    }
  }

  /// How many of an event's last bytes the break itself brings along.
  func broughtAlong(_ lineEnd: String) -> Int {
    switch self {
    case .errorEvent: 2 * lineEnd.utf8.count
    // Behind a CR anything but an LF says that the CR was the whole end of the line.
    case .garbage: lineEnd.utf8.count - 1
    case .cut, .quietEnd, .badFrame, .stall: 0
    }
  }
}
