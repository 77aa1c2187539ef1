/// What a provider does after it has read a request: step by step.
package struct ProviderReply: Sendable {
  package enum Step: Sendable {
    case send([UInt8])
    case sendRepeatedly([UInt8], count: Int)
    /// A byte now and then.
    case drip([UInt8])
    /// Nothing until the gate opens.
    case wait(Gate)
    /// Lets those go on who wait at the gate.
    case open(Gate)
    /// Tells the test that the provider has come so far.
    case note(@Sendable () -> Void)
    /// Nothing, until the gateway hangs up.
    case silence
    /// Ends the connection; without it the next request is read.
    case end
    /// Cuts the connection, as a crash does.
    case reset
  }

  package var steps: [Step]

  package init(_ steps: [Step]) {
    self.steps = steps
  }

  /// Waits until `gate` is open, then does the same.
  package func held(by gate: Gate) -> ProviderReply {
    ProviderReply([.wait(gate)] + steps)
  }

  /// Does the same, then ends the connection without having said so.
  package var thenEnds: ProviderReply { ProviderReply(steps + [.end]) }
}

/// Answers as providers give them.
extension ProviderReply {
  /// A whole HTTP answer with a length.
  package static func http(
    _ status: Int, _ body: String, contentType: String? = "application/json", fields: [String] = []
  ) -> ProviderReply {
    ProviderReply([.send(Array(message(status, body, contentType: contentType, fields: fields).utf8))])
  }

  private static func message(
    _ status: Int, _ body: String, contentType: String?, fields: [String]
  ) -> String {
    let lines =
      ["HTTP/1.1 \(status) Whatever", "Content-Length: \(body.utf8.count)"]
      + (contentType.map { ["Content-Type: \($0)"] } ?? []) + fields
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  /// The body of a good answer. `usage` is JSON; nil leaves it out.
  package static func answerBody(_ text: String = "A good answer.", usage: String? = Self.usage) -> String {
    let usage = usage.map { #","usage":\#($0)"# } ?? ""
    return
      #"{"id":"x","object":"chat.completion","model":"served","choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}]\#(usage)}"#
  }

  package static let usage = #"{"prompt_tokens":9,"completion_tokens":6,"total_tokens":15}"#

  /// A good answer.
  package static func answer(
    _ text: String = "A good answer.", usage: String? = Self.usage, fields: [String] = []
  ) -> ProviderReply {
    http(200, answerBody(text, usage: usage), fields: fields)
  }

  /// A good answer in chunks of `size` bytes.
  package static func chunkedAnswer(size: Int) -> ProviderReply {
    var text = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    var rest = answerBody()[...]
    while !rest.isEmpty {
      let piece = rest.prefix(size)
      text += String(piece.utf8.count, radix: 16) + "\r\n\(piece)\r\n"
      rest = rest.dropFirst(size)
    }
    return ProviderReply([.send(Array((text + "0\r\n\r\n").utf8))])
  }

  /// An error as OpenAI words it.
  package static func error(
    _ status: Int, message: String = "no", type: String = "some_error", code: String? = nil,
    fields: [String] = []
  ) -> ProviderReply {
    let code = code.map { "\"\($0)\"" } ?? "null"
    return http(
      status, #"{"error":{"message":"\#(message)","type":"\#(type)","param":null,"code":\#(code)}}"#,
      fields: fields)
  }

  /// These bytes, then the end.
  package static func garbage(_ text: String) -> ProviderReply {
    ProviderReply([.send(Array(text.utf8)), .end])
  }

  private static let goodBytes = Array(
    message(200, answerBody(), contentType: "application/json", fields: []).utf8)
  private static let headSize = goodBytes.firstRange(of: Array("\r\n\r\n".utf8))!.upperBound

  /// The connection ends before any answer.
  package static let nothing = ProviderReply([.end])
  /// A reset before any answer.
  package static let reset = ProviderReply([.reset])
  /// The first half of a good answer's head.
  package static let cutHead = ProviderReply([.send(Array(goodBytes[..<(headSize / 2)])), .end])
  /// A good answer's head and half of its body.
  package static let cutBody = ProviderReply([
    .send(Array(goodBytes[..<((headSize + goodBytes.count) / 2)])), .end,
  ])
  /// One short header line after the other, byte by byte: no wait for one byte or one line is long.
  package static let drippingHead = ProviderReply([
    .drip(Array(("HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 5_000)).utf8)), .silence,
  ])
  /// A good head, then a body byte by byte.
  package static let drippingBody = ProviderReply([
    .send(Array("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".utf8)),
    .drip(Array(String(repeating: " ", count: 30_000).utf8)), .silence,
  ])
  /// Half an answer, then nothing.
  package static let silenceInBody = ProviderReply([
    .send(Array(goodBytes[..<((headSize + goodBytes.count) / 2)])), .silence,
  ])
  /// No answer.
  package static let silence = ProviderReply([.silence])

  /// A good answer's head and a text of `megabytes` MB.
  package static func large(megabytes: Int) -> ProviderReply {
    let start = Array(#"{"choices":[{"message":{"role":"assistant","content":""#.utf8)
    let end = Array(#""},"finish_reason":"stop"}]}"#.utf8)
    let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1_048_576)
    let length = start.count + end.count + megabytes * piece.count
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(length)\r\n\r\n"
    return ProviderReply([
      .send(Array(head.utf8) + start), .sendRepeatedly(piece, count: megabytes), .send(end),
    ])
  }
}
