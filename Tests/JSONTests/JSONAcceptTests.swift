import JSON
import Testing

@Suite("JSONDocument accepts")
struct JSONAcceptTests {
  @Test(
    "every form of RFC 8259 is read, and its root has the right kind",
    arguments: [
      ("{}", .object), ("[]", .array), ("\"\"", .string), ("0", .number), ("true", .true),
      ("false", .false), ("null", .null), (" \t\r\n{ } \n", .object), ("\u{FEFF}[1]", .array),
      ("[[[[[[]]]]]]", .array), ("{\"a\":{\"b\":[{}]}}", .object), ("{\"a\":1,\"a\":2}", .object),
      ("{\"\":0}", .object), ("[1 , 2]", .array), ("-0", .number), ("-0.0e-0", .number),
      ("1E+400", .number), ("123456789012345678901234567890", .number), ("0.1", .number),
      ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"", .string), ("\"\\ud800\"", .string),
      ("\"\\udc00\\ud800\"", .string), ("\"\\u0000\"", .string), ("\"\u{7F}\"", .string),
      ("\"é€😀\u{10FFFF}\u{7FF}\u{800}\u{D7FF}\u{E000}\"", .string),
    ] as [(String, JSONKind)])
  func accepted(text: String, kind: JSONKind) throws {
    let document = try JSONDocument(parsing: Array(text.utf8))
    #expect(document.kind(of: document.root) == kind)
  }

  @Test("special bytes are found at every distance from a string's start and end")
  func alignment() throws {
    for before in 0..<20 {
      for after in 0..<20 {
        for (special, text) in [("\\n", "\n"), ("\\u00e9", "é"), ("é", "é"), ("\\\"", "\""), ("😀", "😀")] {
          let left = String(repeating: "a", count: before)
          let right = String(repeating: "b", count: after)
          let document = try JSONDocument(parsing: Array("[\"\(left)\(special)\(right)\", 1]".utf8))
          let node = try #require(document.elements(of: document.root).first { _ in true })
          #expect(document.string(node) == left + text + right)
          #expect(document.count(of: document.root) == 2)
        }
      }
    }
  }

  @Test("limits are reached, not passed")
  func limits() throws {
    let deepest = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    #expect(throws: Never.self) { try JSONDocument(parsing: Array(deepest.utf8)) }
    let limits = JSONLimits(maxDepth: 1, maxNodes: 4, maxBytes: 9)
    #expect(throws: Never.self) { try JSONDocument(parsing: Array("[1, 2, 3]".utf8), limits: limits) }
  }
}
