import Foundation
import TestSupport
import Testing

/// A recorded stream that goes wrong at every one of its bytes: the caller has the whole answer or an
/// error, and the ledger says which.
@Suite struct StreamPositionTests {
  /// A stream, and where in it what is decided.
  struct Recording {
    var stream: EventStream
    var bytes: [UInt8] { stream.bytes }
    /// With so many bytes the first token is there.
    var tokenEnd: Int { stream.packets[0].count + stream.packets[1].count }
    /// With so many bytes the usage is there.
    var usageEnd: Int { wholeEnd - stream.packets[stream.packets.count - 1].count }
    /// With so many bytes the stream is over.
    var wholeEnd: Int { bytes.count }

    init(lineEnd: String) {
      stream = EventStream.chat(["Hi", " you"])
      stream.lineEnd = lineEnd
    }
  }

  private static let second = EventStream.chat(["The second."])
  /// What a good answer of either provider costs.
  private static let price = Decimal(string: "0.0000237")!
  private static let one = price...price
  /// That of one and some part of another.
  private static let both = (price + Decimal(sign: .plus, exponent: -12, significand: 1))...1

  /// Asks once for every position, all at about the same time, and hands out each answer with its ledger
  /// line. The first provider plays `script`; the text of a request is its position.
  private func atEveryPosition(
    _ count: Int, width: Int = 16, keys: [String] = [],
    script: @escaping @Sendable (_ position: Int, _ gate: Gate) -> ProviderReply,
    check: (_ position: Int, _ answer: (response: RawResponse, isComplete: Bool), _ line: JSONValue) -> Void
  ) throws {
    let gates = (0..<count).map { _ in Gate() }
    let first = try FaultyProvider { request in
      let position = Int(request.json["messages"][0]["content"].string ?? "") ?? 0
      return script(position, gates[position])
    }
    let second = try FaultyProvider(always: .stream(Self.second))
    let configuration =
      Configuration.of(sections: BrokenStreamTests.unmoved) + Configuration.provider("first", first.url)
      + keys.map { "    \($0)\n" }.joined() + Configuration.provider("second", second.url)
    try withGateway(configuration) { gateway throws in
      let answers = try onThreads(count, width: width) { position in
        try gateway.chatStream("\(position)") { gates[position].open() }
      }
      let lines = gateway.ledger(waitingFor: answers.count)
      #expect(lines.count == answers.count)
      let linesByID = Dictionary(grouping: lines) { $0["id"].string ?? "" }
      for (position, answer) in answers.enumerated() {
        let own = linesByID[answer.response.header("x-request-id") ?? ""] ?? []
        #expect(own.count == 1, "at \(position)")
        check(position, answer, own.first ?? .null)
      }
      #expect(try gateway.provider("first")["in_flight"] == 0)
    }
  }

  @Test(
    "wherever a stream breaks, the caller has the whole answer or an error, and the ledger says which",
    arguments: StreamBreak.allCases, ["\n", "\r\n"])
  func breaks(kind: StreamBreak, lineEnd: String) throws {
    let recording = Recording(lineEnd: lineEnd)
    let bytes = recording.bytes
    let tokenEnd = recording.tokenEnd
    let isStall = kind == .stall
    try atEveryPosition(
      // Those that wait for a timeout wait together.
      bytes.count + 1, width: isStall ? 500 : 16,
      keys: isStall ? ["first_token_timeout: 4s", "idle_timeout: 4s"] : [],
      script: { position, gate in
        // What follows the first token is sent when the caller has that.
        guard position >= tokenEnd else { return kind.reply(Array(bytes[..<position]), nil, []) }
        return kind.reply(Array(bytes[..<tokenEnd]), gate, Array(bytes[tokenEnd..<position]))
      },
      check: { position, answer, line in
        let place: Comment = "\(kind) at \(position): \(answer.response.text)"
        if position < tokenEnd {
          let isCharged = position + kind.broughtAlong(lineEnd) >= tokenEnd
          checkSecond(answer, line, charged: isCharged ? Self.both : Self.one, place)
        } else {
          checkFirst(answer, line, kind, position, recording, place)
        }
      })
  }

  @Test(
    "what fails in the packet that brings its first token falls to the next provider, and is paid for",
    arguments: [StreamBreak.garbage, .errorEvent, .badFrame])
  func onePacket(kind: StreamBreak) throws {
    let recording = Recording(lineEnd: "\n")
    let bytes = recording.bytes
    try atEveryPosition(
      bytes.count + 1, script: { position, _ in kind.reply(Array(bytes[..<position]), nil, []) },
      check: { position, answer, line in
        let place: Comment = "\(kind) at \(position): \(answer.response.text)"
        let end = position + kind.broughtAlong("\n")
        switch end {
        case recording.wholeEnd...: checkFirst(answer, line, kind, position, recording, place)
        case recording.usageEnd...:
          checkSecond(answer, line, charged: (2 * Self.price)...(2 * Self.price), place)
        case recording.tokenEnd...: checkSecond(answer, line, charged: Self.both, place)
        default: checkSecond(answer, line, charged: Self.one, place)
        }
      })
  }

  /// How a whole stream comes, cut at a position.
  enum Cut: CaseIterable {
    /// In two packets.
    case two
    /// In three: the middle one is what an event is long.
    case three
    /// In two chunks of one packet, so that one read brings both.
    case twoChunks

    func packets(of bytes: [UInt8], at position: Int, eventSize: Int) -> [[UInt8]] {
      switch self {
      case .two, .twoChunks: [Array(bytes[..<position]), Array(bytes[position...])]
      case .three:
        [
          Array(bytes[..<position]), Array(bytes[position...].prefix(eventSize)),
          Array(bytes[position...].dropFirst(eventSize)),
        ]
      }
    }
  }

  @Test(
    "wherever a stream is cut into packets, with [DONE] or without, the caller has all of it",
    arguments: Cut.allCases, ["\n", "\r\n"])
  func cuts(cut: Cut, lineEnd: String) throws {
    let recording = Recording(lineEnd: lineEnd)
    let eventSize = recording.stream.packets[1].count
    try atEveryPosition(
      recording.bytes.count + 1,
      script: { position, _ in
        // Every other one ends without the last line.
        let doneSize = position % 2 == 0 ? 0 : recording.stream.packets.last?.count ?? 0
        let bytes = Array(recording.bytes.dropLast(doneSize))
        let packets = cut.packets(of: bytes, at: min(position, bytes.count), eventSize: eventSize)
        guard cut == .twoChunks else { return .chunked(packets) }
        let chunks = packets.filter { !$0.isEmpty }.flatMap { ProviderReply.chunk($0) }
        var reply = ProviderReply.begun([], then: [])
        reply.steps.append(.send(chunks + Array("0\r\n\r\n".utf8)))
        return reply
      },
      check: { position, answer, line in
        let place: Comment = "\(cut) at \(position): \(answer.response.text)"
        #expect(answer.isComplete && answer.response.header("x-tollgate-provider") == "first", place)
        #expect(Self.isWhole(answer.response.body, recording.stream.bytesWithoutUsage, lineEnd), place)
        #expect(line["status"] == "success" && line["total_tokens"] == 15, place)
        #expect(line["cost_usd"].amount == Self.price && line["estimated"] == false, place)
      })
  }

  @Test(
    "an event of 1 MB may stand anywhere in a stream, and the stream may break anywhere in it",
    arguments: [StreamBreak.cut, .garbage, .stall])
  func largeEvent(kind: StreamBreak) throws {
    let text = String(repeating: "wörter ", count: 131_072)
    let pieces = ["Hi", " you", "."]
    // In every place of the texts; then whole, or broken off in the middle or around the end of that event.
    let streams = pieces.indices.map { index in
      EventStream.chat(pieces.indices.map { $0 == index ? text : pieces[$0] })
    }
    let ends = streams.enumerated().map { index, stream in
      stream.packets[...(index + 1)].reduce(0) { $0 + $1.count }
    }
    let places = [-600_000, -2, 0]
    try atEveryPosition(
      streams.count * (places.count + 1), width: 12,
      keys: kind == .stall ? ["first_token_timeout: 4s", "idle_timeout: 4s"] : [],
      script: { position, _ in
        let index = position % streams.count
        let bytes = streams[index].bytes
        guard position / streams.count < places.count else { return .stream(streams[index]) }
        return kind.reply(Array(bytes[..<(ends[index] + places[position / streams.count])]), nil, [])
      },
      check: { position, answer, line in
        let place: Comment = "\(kind) at \(position): \(answer.response.text.suffix(300))"
        let whole = streams[position % streams.count].bytesWithoutUsage
        let isBroken = position / streams.count < places.count
        #expect(answer.response.status == 200, place)
        #expect((line["cost_usd"].amount ?? 0) >= Self.price || line["status"] == "partial", place)
        if answer.response.header("x-tollgate-provider") == "second" {
          #expect(isBroken && answer.response.body == Self.second.bytesWithoutUsage, place)
          #expect(answer.isComplete && line["status"] == "success", place)
        } else if isBroken {
          #expect(!answer.isComplete && !answer.response.hasDone, place)
          #expect(answer.response.errorEvent["code"] == "stream_interrupted", place)
          #expect(line["status"] == "partial", place)
        } else {
          #expect(answer.isComplete && answer.response.body == whole, place)
          #expect(line["status"] == "success" && line["total_tokens"] == 15, place)
        }
      })
  }

  /// The second provider has answered, as if the first had not been there.
  private func checkSecond(
    _ answer: (response: RawResponse, isComplete: Bool), _ line: JSONValue,
    charged: ClosedRange<Decimal>, _ place: Comment
  ) {
    let response = answer.response
    #expect(response.status == 200, place)
    #expect(response.header("x-tollgate-provider") == "second", place)
    #expect(response.header("x-tollgate-attempts") == "2", place)
    #expect(response.body == Self.second.bytesWithoutUsage && answer.isComplete, place)
    #expect(line["status"] == "success" && line["provider"] == "second", place)
    #expect(line["fallbacks"] == ["first"] && line["attempts"] == 2, place)
    #expect(charged.contains(line["cost_usd"].amount ?? 0), place)
  }

  /// The first provider has answered, wholly or in part.
  private func checkFirst(
    _ answer: (response: RawResponse, isComplete: Bool), _ line: JSONValue, _ kind: StreamBreak,
    _ position: Int,
    _ recording: Recording, _ place: Comment
  ) {
    let response = answer.response
    #expect(response.status == 200, place)
    #expect(response.header("x-tollgate-provider") == "first", place)
    #expect(line["provider"] == "first" && line["attempts"] == 1, place)
    #expect((line["cost_usd"].amount ?? 0) > 0, place)
    let whole = recording.stream.bytesWithoutUsage
    let isDone = position + kind.broughtAlong(recording.stream.lineEnd) >= recording.wholeEnd
    #expect(answer.isComplete || !isDone, place)
    if answer.isComplete {
      #expect(Self.isWhole(response.body, whole, recording.stream.lineEnd), place)
      #expect(line["status"] == "success", place)
      // Finished, and no frame announced more: only then is a stream whole without its last line.
      #expect(isDone || kind == .quietEnd, place)
      #expect(line["estimated"] == true || line["total_tokens"] == 15, place)
    } else {
      #expect(!response.hasDone, place)
      #expect(response.errorEvent["code"] == "stream_interrupted", place)
      let errorStart = response.body.lastRange(of: Array("data: {\"error\"".utf8))?.lowerBound ?? 0
      // Empty lines of the break itself may come through.
      let part = response.body[..<errorStart].reversed().drop { $0 == UInt8(ascii: "\n") }.reversed()
      #expect(errorStart >= recording.tokenEnd && whole.starts(with: part), place)
      #expect(line["status"] == "partial" && line["http_status"] == 200, place)
    }
  }

  /// The last empty line may be the gateway's or the break's own.
  private static func isWhole(_ body: [UInt8], _ whole: [UInt8], _ lineEnd: String) -> Bool {
    guard lineEnd == "\r\n" else { return body == whole }
    return String(decoding: body, as: UTF8.self).replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      == String(decoding: whole, as: UTF8.self).replacing("\r\n", with: "\n")
  }
}
