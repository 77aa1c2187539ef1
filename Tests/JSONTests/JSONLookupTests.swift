import JSON
import Testing

@Suite("JSONDocument lookups")
struct JSONLookupTests {
  private func document(_ text: String) throws -> JSONDocument {
    try JSONDocument(parsing: Array(text.utf8))
  }

  private func string(_ text: String) throws -> String? {
    let document = try document(text)
    return document.string(document.root)
  }

  @Test("a member is found by its text, the last of several, never inside another value")
  func members() throws {
    let text = #"{"a":{"b":1,"model":0},"m\u006fdel":"first","model":"last","":2,"modelx":3}"#
    let document = try document(text)
    let root = document.root
    #expect(document.member("model", of: root).flatMap { document.string($0) } == "last")
    #expect(document.member(named: "model", of: root).flatMap { document.string($0) } == "last")
    #expect(document.member("", of: root).flatMap { document.int($0) } == 2)
    #expect(document.member("b", of: root) == nil)
    #expect(document.member("mode", of: root) == nil)
    let inner = try #require(document.member("a", of: root))
    #expect(document.member("b", of: inner).flatMap { document.int($0) } == 1)
    #expect(document.member("a", of: try #require(document.member("model", of: root))) == nil)
    #expect(document.count(of: root) == 5)
    #expect(
      document.members(of: root).map { document.string($0.key) } == ["a", "model", "model", "", "modelx"])
  }

  @Test("an escaped key is found by what it says")
  func escapedKey() throws {
    let document = try document(#"{"\u006d\u006f\u0064\u0065\u006c":1, "\ud83d\ude00":2, "a\"b":3}"#)
    #expect(document.member("model", of: document.root).flatMap { document.int($0) } == 1)
    #expect(document.member("😀", of: document.root).flatMap { document.int($0) } == 2)
    #expect(document.member("a\"b", of: document.root).flatMap { document.int($0) } == 3)
    #expect(document.member("mode", of: document.root) == nil)
  }

  @Test("elements come in order with what is in them skipped")
  func elements() throws {
    let document = try document(#"[1,[2,[3]],{"a":[4]},"x",[],{}]"#)
    let kinds = document.elements(of: document.root).map { document.kind(of: $0) }
    #expect(kinds == [.number, .array, .object, .string, .array, .object])
    #expect(document.count(of: document.root) == 6)
    #expect(document.members(of: document.root).map { $0.key } == [])
  }

  @Test("elements and members of anything else are none")
  func noElements() throws {
    for text in ["1", "\"a\"", "{}", "null", "[]"] {
      let document = try document(text)
      #expect(document.elements(of: document.root).map { $0 } == [])
      #expect(document.members(of: document.root).map { $0.key } == [])
      #expect(document.count(of: document.root) == 0)
    }
  }

  @Test("ranges are the raw bytes")
  func ranges() throws {
    let document = try document(#" {"a" : "x\ny" , "b":[1, 2] }"#)
    let text = try #require(document.member("a", of: document.root))
    let list = try #require(document.member("b", of: document.root))
    func raw(_ range: Range<Int>) -> String { String(decoding: document.bytes[range], as: UTF8.self) }
    #expect(raw(document.range(of: document.root)) == #"{"a" : "x\ny" , "b":[1, 2] }"#)
    #expect(raw(document.range(of: text)) == #""x\ny""#)
    #expect(raw(document.stringContentRange(of: text)) == #"x\ny"#)
    #expect(raw(document.range(of: list)) == "[1, 2]")
    #expect(document.hasEscapes(text))
    #expect(document.position(ofByte: 4) == (line: 1, column: 5))
  }

  @Test(
    "strings are decoded",
    arguments: [
      (#""""#, ""), (#""abc""#, "abc"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u0041\u00e9\u20ac\u0000""#, "Aé€\0"), (#""\ud83d\ude00""#, "😀"),
      (#""a\uDBFF\uDFFFb""#, "a\u{10FFFF}b"),
      (#""\ud800""#, "\u{FFFD}"), (#""\ud800x""#, "\u{FFFD}x"), (#""\ud800\n""#, "\u{FFFD}\n"),
      (#""\ud800\u0041""#, "\u{FFFD}A"), (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"),
      (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""é😀""#, "é😀"),
    ])
  func strings(text: String, expected: String) throws {
    let document = try document(text)
    #expect(document.string(document.root) == expected)
    #expect(document.decodedBytes(document.root) == Array(expected.utf8))
    #expect(document.characterCounts(of: document.root).byteCount == expected.utf8.count)
  }

  @Test(
    "whole numbers are exact, anything else is none",
    arguments: [
      ("0", 0), ("-0", 0), ("1", 1), ("-3", -3), ("1.0", 1), ("1.000e0", 1), ("1e3", 1000), ("1.5e1", 15),
      ("1.50e1", 15), ("1200e-2", 12), ("0.0", 0), ("0e99999999999999999999", 0), ("0.000e-5", 0), ("10", 10),
      ("9223372036854775807", .max), ("-9223372036854775808", .min), ("922337203685477580.7e1", .max),
      ("100000000000000000000e-20", 1), ("9223372036854775808", nil), ("-9223372036854775809", nil),
      ("1.5", nil), ("15e-1", nil), ("1e-1", nil), ("1e19", nil), ("1e99999999999999999999", nil),
      ("1e-99999999999999999999", nil), ("0.1", nil), ("1e18", 1_000_000_000_000_000_000),
      ("99999999999999999999", nil), ("-0.0001", nil), ("\"1\"", nil), ("true", nil), ("null", nil),
      ("[1]", nil),
    ] as [(String, Int?)])
  func integers(text: String, expected: Int?) throws {
    let document = try document(text)
    #expect(document.int(document.root) == expected)
  }

  @Test("doubles, truth values and null")
  func scalars() throws {
    let document = try document(#"[1.5, -0, 1e400, "1.5", true, false, null, 0.1]"#)
    let nodes = document.elements(of: document.root).map { $0 }
    #expect(nodes.map { document.double($0) } == [1.5, 0, nil, nil, nil, nil, nil, 0.1])
    #expect(nodes.map { document.bool($0) } == [nil, nil, nil, nil, true, false, nil, nil])
    #expect(nodes.map { document.isNull($0) } == [false, false, false, false, false, false, true, false])
    #expect(document.string(nodes[0]) == nil)
    #expect(document.decodedBytes(nodes[0]) == [])
  }

  @Test("letters and spaces are counted as one by one, at every place and beside every other character")
  func letters() {
    var random = SystemRandomNumberGenerator()
    let signs = Array("aZzA @[`{~\t09/:_é漢😀".unicodeScalars) + (0x20..<0x7F).map { Unicode.Scalar($0) }
    for count in 0..<200 {
      var text = ""
      for _ in 0..<count { text.unicodeScalars.append(signs.randomElement(using: &random)!) }
      var writer = JSONWriter()
      writer.value(text)
      let counts = JSONCharacterCounts(escaped: writer.bytes.dropFirst().dropLast())
      #expect(counts.letters == text.unicodeScalars.count { $0.isASCII && $0.properties.isAlphabetic })
      #expect(counts.spaces == text.unicodeScalars.count { $0 == " " })
      #expect(counts.oneByte == text.unicodeScalars.count { $0.isASCII })
      #expect(counts.byteCount == text.utf8.count)
    }
  }

  @Test("characters are counted by width, escaped or not")
  func characterCounts() throws {
    for text in [#""aé漢😀\n""#, #""\u0061\u00e9\u6f22\ud83d\ude00\n""#] {
      let document = try document(text)
      let counts = document.characterCounts(of: document.root)
      #expect(counts.oneByte == 2)
      #expect(counts.twoBytes == 1)
      #expect(counts.threeBytes == 1)
      #expect(counts.fourBytes == 1)
    }
  }
}
