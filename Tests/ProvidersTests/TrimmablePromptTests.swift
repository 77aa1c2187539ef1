import Foundation
import GatewayTypes
import JSON
import Routing
import Testing

@testable import Providers

@Suite("Trimmable prompt")
struct TrimmablePromptTests {
  /// `body` with at most `limit` tokens of input, and its estimate; nil when it is short enough.
  private func trimmed(_ body: String, _ surface: Surface, to limit: Int) throws -> (
    body: String, tokens: Int
  )? {
    let request = try request(body, surface)
    guard TokenEstimate.tokens(in: request.inputSize) > limit else { return nil }
    let prompt = try #require(TrimmablePrompt(request))
    let cut = try #require(PromptTrimmer.cut(prompt.outline, toTokens: limit))
    let bytes = prompt.bytes(without: cut)
    // By the bytes: a text made of them would have repaired what is no UTF-8.
    _ = try JSONDocument(parsing: bytes)
    let result = text(bytes)
    let again = try prompt.request(without: cut)
    #expect(again.document.bytes == bytes && again.surface == request.surface)
    return (result, TokenEstimate.tokens(in: again.inputSize))
  }

  private static let words = String(repeating: "word ", count: 400)

  @Test("the rest of the body stays byte for byte")
  func bytes() throws {
    let body = """
      { "model" : "auto","new_field":[1.50e1, {"x":null}],
        "messages": [ {"role":"system","content":"Be br\\u00efef."} ,
          {"role":"user","content":"\(Self.words)"},{"role":"assistant","content":"Yes.","extra":1.0},
          {"role" : "user", "content":"And n\\u00fcn?"} ], "n":1 }
      """
    let expected = """
      { "model" : "auto","new_field":[1.50e1, {"x":null}],
        "messages": [ {"role":"system","content":"Be br\\u00efef."} ,
          {"role" : "user", "content":"And n\\u00fcn?"} ], "n":1 }
      """
    #expect(try trimmed(body, .openAIChat, to: 100)?.body == expected)
  }

  @Test(
    "a text loses its middle between words, with a mark there",
    arguments: [Surface.generate, .openAICompletions])
  func middle(surface: Surface) throws {
    let body = #"{"prompt":"Begin here. \#(Self.words)What is the end?","model":"m"}"#
    let result = try #require(try trimmed(body, surface, to: 100))
    #expect(result.tokens <= 100 && result.tokens > 70)
    let prompt = try #require(try JSONDocument(parsing: Array(result.body.utf8)).text("prompt"))
    #expect(prompt.hasPrefix("Begin here. word word"))
    #expect(prompt.hasSuffix(" word What is the end?"))
    let halves = prompt.components(separatedBy: "\n[...]\n")
    #expect(halves.count == 2)
    #expect(halves.allSatisfy { !$0.hasPrefix("ord") && !$0.hasSuffix("wor") })
  }

  @Test("one text in a list is a text; several, token numbers and texts to embed are left alone")
  func texts() throws {
    let one = try #require(try trimmed(#"{"prompt":["\#(Self.words)"]}"#, .openAICompletions, to: 100))
    #expect(one.tokens <= 100 && one.body.hasPrefix(#"{"prompt":["word"#) && one.body.hasSuffix(#" "]}"#))
    for body in [
      #"{"prompt":["a","b"]}"#, #"{"prompt":[1,2,3]}"#, #"{"prompt":[[1,2],[3]]}"#, #"{"prompt":[[1,2]]}"#,
    ] {
      #expect(TrimmablePrompt(try request(body, .openAICompletions)) == nil)
    }
    #expect(TrimmablePrompt(try request(#"{"input":"x"}"#, .openAIEmbeddings)) == nil)
  }

  @Test("a tool's result is never without its call, on any surface", arguments: Surface.withTools)
  func tools(surface: Surface) throws {
    let body = Self.agent(surface, rounds: 5, words: 50)
    for limit in [120, 150, 200, 260, 300, 350] {
      guard let result = try trimmed(body, surface, to: limit) else { continue }
      let document = try JSONDocument(parsing: Array(result.body.utf8))
      let ids = try Self.callIDs(in: document, surface)
      #expect(ids.calls == ids.results)
      #expect(ids.calls.last == "call_4")
      #expect(result.body.contains("Find it."))
      #expect(result.tokens <= limit)
    }
  }

  @Test("Anthropic's messages still begin with the user and alternate")
  func alternation() throws {
    var messages: [String] = []
    for index in 0..<8 {
      messages.append(#"{"role":"user","content":[{"type":"text","text":"q\#(index) \#(Self.words)"}]}"#)
      messages.append(#"{"role":"assistant","content":"a\#(index) \#(Self.words)"}"#)
    }
    messages.append(#"{"role":"user","content":"last"}"#)
    let body = #"{"max_tokens":9,"system":"sys","messages":[\#(messages.joined(separator: ","))]}"#
    for limit in [100, 1_500, 3_000, 6_000] {
      let result = try #require(try trimmed(body, .anthropicMessages, to: limit))
      let document = try JSONDocument(parsing: Array(result.body.utf8))
      let roles = document.elements(of: document.member("messages", of: document.root)!).map {
        document.string(document.member("role", of: $0)!)!
      }
      #expect(roles.enumerated().allSatisfy { $1 == ($0 % 2 == 0 ? "user" : "assistant") })
      #expect(result.body.contains(#""system":"sys""#) && result.body.contains(#""last""#))
    }
  }

  @Test("an image goes with its turn, or stays with it")
  func images() throws {
    let image = #"{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}"#
    let old = #"{"role":"user","content":[{"type":"text","text":"old"},\#(image)]}"#
    let new = #"{"role":"user","content":[\#(image),{"type":"text","text":"\#(Self.words)new?"}]}"#
    let body = #"{"messages":[\#(old),{"role":"assistant","content":"a"},\#(new)]}"#
    let result = try #require(try trimmed(body, .openAIChat, to: 1_100))
    #expect(!result.body.contains("old"))
    #expect(result.body.components(separatedBy: "image_url\":{").count == 2)
    #expect(result.body.contains("new?") && result.tokens <= 1_100)
  }

  // MARK: Properties

  /// Pieces of a JSON string that must not be parted.
  private static let atoms = [
    "a", "word ", " ", "\\n", "\\\\", "\\\"", "\\u00fc", "\\ud83d\\ude00", "ü", "漢", "😀", "\\ud800", "\\/",
    "x",
    "longerword", "e\u{301}",
  ]

  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  @Test(
    "whatever is cut, the body is JSON, within the limit, and the question's end is there", arguments: 0..<200
  )
  func properties(seed: Int) throws {
    var random = Generator(state: UInt64(seed) &* 77_777 &+ 5)
    // Without spaces it is cut inside what passes for words.
    let atoms = seed % 2 == 0 ? Self.atoms : Self.atoms.filter { !$0.contains(" ") }
    func escaped(_ count: Int) -> [String] { (0..<count).map { _ in atoms.randomElement(using: &random)! } }
    let question = escaped(Int.random(in: 1...3_000, using: &random))
    let system = escaped(Int.random(in: 0...40, using: &random)).joined()
    var messages = [#"{"role":"system","content":"\#(system)"}"#]
    for index in 0..<Int.random(in: 0...6, using: &random) {
      let text = escaped(Int.random(in: 1...300, using: &random)).joined()
      messages.append(#"{"role":"user","content":"q\#(index)\#(text)"}"#)
      messages.append(#"{"role":"assistant","content":[{"type":"text","text":"\#(text)"}]}"#)
    }
    messages.append(#"{"role":"user","content":"\#(question.joined())"}"#)
    let body = #"{"messages":[\#(messages.joined(separator: " , "))]}"#
    let limit = Int.random(in: 1...2_500, using: &random)
    guard let result = try trimmed(body, .openAIChat, to: limit) else { return }

    let document = try JSONDocument(parsing: Array(result.body.utf8))
    let kept = document.elements(of: document.member("messages", of: document.root)!).map { $0 }
    #expect(result.body.hasPrefix(#"{"messages":[{"role":"system","content":"\#(system)"}"#))
    // The last question's last part, as it was written: a character has at most 12 bytes and 4 tokens.
    let end = question.suffix(min(256, limit / 2) / 12).joined()
    #expect(result.body.hasSuffix(end + #""}]}"#))
    #expect(kept.count <= messages.count)
    // What was cut is a whole stretch of characters, and says so.
    let before = try JSONDocument(parsing: Array("\"\(question.joined())\"".utf8))
    let whole = before.decodedBytes(before.root)
    let last = document.decodedBytes(try #require(kept.last.flatMap { document.member("content", of: $0) }))
    if last != whole {
      let mark = try #require(last.firstRange(of: Array("\n[...]\n".utf8)))
      #expect(whole.starts(with: last[..<mark.lowerBound]))
      #expect(whole.reversed().starts(with: last[mark.upperBound...].reversed()))
    }
    let floor = try TokenEstimate.tokens(
      in: ProvidersTests.request(
        #"{"messages":[{"role":"system","content":"\#(system)"},{"role":"user","content":""}]}"#, .openAIChat
      ).inputSize)
    #expect(result.tokens <= max(limit, floor + min(256, max(1, limit / 2)) + 16))
    // A second time there is nothing to do.
    if let again = try trimmed(result.body, .openAIChat, to: limit) { #expect(again.body == result.body) }
  }
}

extension Surface {
  static let withTools: [Surface] = [.generate, .openAIChat, .openAIResponses, .anthropicMessages]
}

extension TrimmablePromptTests {
  /// A question, and `rounds` of a call and a result of `words` words.
  static func agent(_ surface: Surface, rounds: Int, words: Int) -> String {
    let words = String(repeating: "word ", count: words)
    let more = (0..<rounds).flatMap { index -> [String] in
      switch surface {
      case .openAIResponses:
        [
          #"{"type":"reasoning","id":"rs_\#(index)","summary":[]}"#,
          #"{"type":"function_call","call_id":"call_\#(index)","name":"f","arguments":"{}"}"#,
          #"{"type":"function_call_output","call_id":"call_\#(index)","output":"\#(words)"}"#,
        ]
      case .anthropicMessages:
        [
          #"{"role":"assistant","content":[{"type":"tool_use","id":"call_\#(index)","name":"f","input":{}}]}"#,
          #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"call_\#(index)","content":"\#(words)"}]}"#,
        ]
      case .generate, .chatPrompt, .openAIChat, .openAICompletions, .openAIEmbeddings:
        [
          #"{"role":"assistant","content":null,"tool_calls":[{"id":"call_\#(index)","type":"function","function":{"name":"f","arguments":"{}"}}]}"#,
          #"{"role":"tool","tool_call_id":"call_\#(index)","content":"\#(words)"}"#,
        ]
      }
    }
    let turns = ([#"{"role":"user","content":"Find it."}"#] + more).joined(separator: ",")
    return surface == .openAIResponses
      ? #"{"input":[\#(turns)]}"# : #"{"max_tokens":9,"messages":[\#(turns)]}"#
  }

  /// The ids of calls and of results, in order.
  static func callIDs(in document: JSONDocument, _ surface: Surface) throws -> (
    calls: [String], results: [String]
  ) {
    let name = surface == .openAIResponses ? "input" : "messages"
    let reader = document.elements(of: try #require(document.member(named: name, of: document.root))).map {
      TurnReader(message: $0, in: document)
    }
    return (reader.flatMap(\.calls), reader.flatMap(\.results))
  }
}

extension JSONDocument {
  fileprivate func text(_ name: String) -> String? {
    member(named: name, of: root).flatMap { string($0) }
  }
}
