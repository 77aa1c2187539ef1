import Testing

@testable import Configuration

@Suite("YAMLReader")
struct YAMLReaderTests {
  private func read(_ bytes: [UInt8]) throws -> YAMLNode? {
    var reader = YAMLReader(bytes, diagnostics: Diagnostics(file: "providers.yaml"))
    return try reader.read()
  }

  @Test("gives every node its line and column, in characters")
  func marks() throws {
    let root = try #require(try read(Array("é: {ü: x, b: [1, \"2\"]}\nc:\n  - d\n".utf8)))
    guard case .mapping(let entries) = root.content else { throw Unexpected() }
    #expect(entries.map(\.key) == ["é", "c"])
    #expect(entries.map(\.keyMark) == [YAMLMark(line: 1, column: 1), YAMLMark(line: 2, column: 1)])
    guard case .mapping(let inner) = entries[0].value.content,
      case .sequence(let elements) = inner[1].value.content,
      case .sequence(let list) = entries[1].value.content
    else { throw Unexpected() }
    #expect(inner[0].value.mark == YAMLMark(line: 1, column: 8))
    #expect(elements[1].mark == YAMLMark(line: 1, column: 18))
    #expect(list[0].mark == YAMLMark(line: 3, column: 5))
    guard case .scalar("2", isQuoted: true) = elements[1].content else { throw Unexpected() }
  }

  private struct Unexpected: Error {}

  @Test("reads nothing from a text without a document", arguments: ["", "\n\n", "# only a comment\n"])
  func empty(text: String) throws {
    #expect(try read(Array(text.utf8)) == nil)
  }

  @Test("takes a byte order mark, Windows line ends and a document marker")
  func tolerates() throws {
    #expect(try read(Array("\u{FEFF}---\r\na: 1\r\n".utf8)) != nil)
  }

  @Test(
    "tells a null from a text",
    arguments: [("", true), ("~", true), ("null", true), ("'null'", false), ("\"\"", false), ("nul", false)])
  func nulls(text: String, isNull: Bool) throws {
    let root = try #require(try read(Array("a: \(text)\n".utf8)))
    guard case .mapping(let entries) = root.content else { throw Unexpected() }
    #expect(entries[0].value.isNull == isNull)
  }

  static let bad: [(text: String, place: String, piece: String)] = [
    ("a: 1\nb: [1, 2\nc: 3\n", ":3:2", "did not find expected ',' or ']'"),
    ("a: \"open\n", ":2:1", "unexpected end of stream"),
    ("a:\n\tb: 1\n", ":2:1", "indent with spaces, not with tabs (line 2)"),
    ("a: b: c\n", ":1:5", "mapping values are not allowed"),
    ("a: {key: ${NAME}}\n", ":1:", "inside { } write \"${NAME}\" with quotes (line 1)"),
    ("a: @b\n", ":1:4", "cannot start any token"),
    ("a: 1\n b: 2\n", ":2:", "mapping values"),
    ("- a\nb: 1\n", ":2:1", "did not find expected '-'"),
    ("a: &x 1\n", ":1:4", "anchors (&name) are not supported"),
    ("a: *x\n", ":1:4", "aliases (*name) are not supported"),
    ("a: {<<: {b: 1}}\n", ":1:5", "merge keys (<<) are not supported"),
    ("a: !!str 1\n", ":1:4", "tags (!name) are not supported"),
    ("a: !secret [1]\n", ":1:4", "tags (!name) are not supported"),
    ("? [a, b]\n: 1\n", ":1:3", "a key must be a single value, found a list"),
    ("a: 1\n---\nb: 1\n", ":2:1", "a second document starts here"),
    ("a: 1\n...\nb: 1\n", ":3:1", ""),
    ("a: \"\\ud800\"\n", ":1:", "invalid Unicode character escape code"),
    ("%YAML 3.0\n---\na: 1\n", ":1:", "incompatible YAML document"),
    (String(repeating: "[", count: 40) + String(repeating: "]", count: 40), ":1:33", "nested deeper than 32"),
  ]

  @Test("refuses what it does not read, with the place", arguments: bad)
  func refuses(text: String, place: String, piece: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try read(Array(text.utf8)) }
    #expect(error.description.hasPrefix("providers.yaml\(place)"), "\(error)")
    #expect(error.message.contains(piece), "\(error)")
  }

  @Test(
    "gives the place of bytes that are not text",
    arguments: [
      ("a: 1\nb: é", [0xFF], "2:5", "invalid leading UTF-8 octet"),
      ("a: ", [0xC3, 0x28], "1:5", "invalid trailing"),
      ("a: ", [0xC3], "1:4", "incomplete UTF-8"), ("a: ", [0x00], "1:4", "control characters"),
      ("a: ", [0xED, 0xA0, 0x80], "1:4", ""),
    ] as [(String, [UInt8], String, String)])
  func invalidText(before: String, bytes: [UInt8], place: String, piece: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try read(Array(before.utf8) + bytes) }
    #expect(error.description.hasPrefix("providers.yaml:\(place):"), "\(error)")
    #expect(error.message.contains(piece), "\(error)")
  }

  @Test("a document of many small values meets the limit, not the memory's end")
  func manyNodes() throws {
    let text = "[" + String(repeating: "1,", count: YAMLReader.nodeLimit + 1) + "]"
    let error = try #require(throws: ConfigurationError.self) { try read(Array(text.utf8)) }
    #expect(error.message.contains("more than 200000 values"))
  }
}
