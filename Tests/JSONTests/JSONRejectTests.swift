import JSON
import Testing

@Suite("JSONDocument rejects")
struct JSONRejectTests {
  @Test(
    "what is not JSON, saying where and why",
    arguments: [
      ("", 1, 1, .emptyText), (" \n ", 2, 2, .emptyText), ("\u{FEFF}", 1, 2, .emptyText),
      ("[1,]", 1, 3, .trailingComma), ("{\"a\":1,}", 1, 7, .trailingComma), ("[,1]", 1, 2, .expectedValue),
      ("[1,,2]", 1, 4, .expectedValue), ("[1 2]", 1, 4, .expectedCommaInArray),
      ("[1}", 1, 3, .expectedCommaInArray), ("{\"a\":1]", 1, 7, .expectedCommaInObject),
      ("{\"a\":1 \"b\":2}", 1, 8, .expectedCommaInObject), ("{a:1}", 1, 2, .expectedKey),
      ("{'a':1}", 1, 2, .expectedKey), ("{1:1}", 1, 2, .expectedKey), ("{,}", 1, 2, .expectedKey),
      ("{\"a\" 1}", 1, 6, .expectedColon), ("{\"a\",1}", 1, 5, .expectedColon),
      ("{\"a\":}", 1, 6, .expectedValue), ("{\"a\"}", 1, 5, .expectedColon), ("]", 1, 1, .expectedValue),
      ("}", 1, 1, .expectedValue), (":", 1, 1, .expectedValue), ("1 2", 1, 3, .textAfterValue),
      ("{}{}", 1, 3, .textAfterValue), ("[]]", 1, 3, .textAfterValue), ("nullx", 1, 5, .textAfterValue),
      ("True", 1, 1, .expectedValue), ("truE", 1, 1, .expectedValue), ("nul", 1, 4, .expectedValue),
      ("falsy", 1, 1, .expectedValue), ("NaN", 1, 1, .expectedValue), ("Infinity", 1, 1, .expectedValue),
      ("undefined", 1, 1, .expectedValue), ("'a'", 1, 1, .expectedValue), ("/* */1", 1, 1, .expectedValue),
      ("1//", 1, 2, .textAfterValue), ("01", 1, 1, .invalidNumber), ("-01", 1, 1, .invalidNumber),
      ("+1", 1, 1, .expectedValue), ("1.", 1, 3, .invalidNumber), ("[1.]", 1, 2, .invalidNumber),
      (".5", 1, 1, .expectedValue), ("1e", 1, 3, .invalidNumber), ("1e+", 1, 4, .invalidNumber),
      ("-", 1, 2, .invalidNumber), ("[-]", 1, 2, .invalidNumber), ("--1", 1, 1, .invalidNumber),
      ("1e1.5", 1, 1, .invalidNumber), ("0x10", 1, 1, .invalidNumber), ("1_000", 1, 2, .textAfterValue),
      ("-Infinity", 1, 1, .invalidNumber), ("1.2.3", 1, 1, .invalidNumber), ("1,5", 1, 2, .textAfterValue),
      ("\"abc", 1, 5, .unterminatedString), ("\"abc\\\"", 1, 7, .unterminatedString),
      ("\"a\nb\"", 1, 3, .controlCharacter), ("\"a\tb\"", 1, 3, .controlCharacter),
      ("\"\u{0}\"", 1, 2, .controlCharacter), ("\"1234567\u{1F}\"", 1, 9, .controlCharacter),
      ("\"\\x41\"", 1, 2, .invalidEscape), ("\"\\u12g4\"", 1, 2, .invalidEscape),
      ("\"\\u123\"", 1, 2, .invalidEscape), ("\"\\U0041\"", 1, 2, .invalidEscape),
      ("\"\\'\"", 1, 2, .invalidEscape), ("\"\\", 1, 3, .invalidEscape),
      ("\"\\u+123\"", 1, 2, .invalidEscape),
      ("{\"a\":\n  \"é\" x}", 2, 7, .expectedCommaInObject), ("\u{A0}1", 1, 1, .expectedValue),
      ("1\u{0}", 1, 2, .textAfterValue), ("\u{0}", 1, 1, .expectedValue), ("\u{B}1", 1, 1, .expectedValue),
    ] as [(String, Int, Int, JSONError.Reason)])
  func rejected(text: String, line: Int, column: Int, reason: JSONError.Reason) throws {
    let error = try #require(throws: JSONError.self) { try JSONDocument(parsing: Array(text.utf8)) }
    #expect(error.reason == reason)
    #expect(error.line == line)
    #expect(error.column == column)
  }

  @Test(
    "a string that is not UTF-8",
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC3, 0x28], [0xE0, 0x80, 0x80],
      [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xED, 0xA0, 0x80],
      [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
      [0xF0, 0x28, 0x8C, 0xBC], [0xF0, 0x90, 0x28, 0xBC], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
      [0xC3, 0xA9, 0xFF],
    ] as [[UInt8]])
  func notUTF8(sequence: [UInt8]) throws {
    for padding in 0..<9 {
      let text = Array("\"".utf8) + Array(repeating: 0x61, count: padding) + sequence + Array("a\"".utf8)
      let error = try #require(throws: JSONError.self) { try JSONDocument(parsing: text) }
      #expect(error.reason == .invalidUTF8)
    }
    #expect(throws: JSONError.self) { try JSONDocument(parsing: Array("\"".utf8) + sequence) }
    #expect(throws: JSONError.self) { try JSONDocument(parsing: sequence + Array("1".utf8)) }
  }

  @Test("every text that is cut short, and says that it ended")
  func truncated() throws {
    let whole = Array(
      #" {"model":"gpt-4o","n":[1,-2.5e+3,true,false,null],"text":"a\n\u00e9 é😀","o":{"x":{}}}"#.utf8)
    #expect(throws: Never.self) { try JSONDocument(parsing: whole) }
    for size in 0..<whole.count {
      let error = try #require(throws: JSONError.self) { try JSONDocument(parsing: Array(whole[..<size])) }
      #expect(error.isAtEnd || error.reason == .invalidUTF8, "cut at \(size): \(error)")
    }
  }

  @Test("what passes a limit")
  func limits() throws {
    func reason(_ text: String, _ limits: JSONLimits) -> JSONError.Reason? {
      do {
        _ = try JSONDocument(parsing: Array(text.utf8), limits: limits)
        return nil
      } catch {
        return error.reason
      }
    }
    #expect(reason(String(repeating: "[", count: 129), JSONLimits()) == .tooDeep(limit: 128))
    #expect(reason(String(repeating: "{\"a\":", count: 500_000), JSONLimits()) == .tooDeep(limit: 128))
    #expect(reason("[[1]]", JSONLimits(maxDepth: 1)) == .tooDeep(limit: 1))
    #expect(reason("[1,2,3]", JSONLimits(maxNodes: 3)) == .tooManyValues(limit: 3))
    #expect(reason("{\"a\":1}", JSONLimits(maxNodes: 2)) == .tooManyValues(limit: 2))
    #expect(reason("[1,2]", JSONLimits(maxBytes: 4)) == .tooLong(limit: 4))
    #expect(reason("[[],[],[]]", JSONLimits(maxDepth: 2)) == nil)
  }

  @Test("with a message that can be acted on")
  func messages() throws {
    func message(_ text: String) -> String {
      do {
        _ = try JSONDocument(parsing: Array(text.utf8))
        return ""
      } catch {
        return error.description
      }
    }
    #expect(message("{\n\n  \"a\" 1}") == "line 3, column 7: expected ':' after the key")
    #expect(message("{\"a\"") == "line 1, column 5: expected ':' after the key, but the text ends here")
    #expect(message("") == "the text is empty, expected a JSON value")
    #expect(message("[1,]") == "line 1, column 3: a comma must be followed by another value, remove it")
  }
}
