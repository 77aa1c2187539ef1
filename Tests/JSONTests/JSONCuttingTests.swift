import Testing

@testable import JSON

@Suite("JSON cutting")
struct JSONCuttingTests {
  /// Pieces of a JSON string, each of them one character.
  private static let atoms = [
    "a", " ", "\\n", "\\\\", "\\\"", "\\u00fc", "\\ud83d\\ude00", "ü", "漢", "😀", "\\ud800", "\\/", "7",
  ]

  @Test(
    "edits replace stretches and leave every other byte",
    arguments: [
      ([(0..<0, "<")], "<[1, 2]"), ([(1..<2, ""), (4..<5, "\"x\"")], "[, \"x\"]"), ([], "[1, 2]"),
      ([(0..<6, "null")], "null"), ([(1..<3, ""), (3..<4, "")], "[2]"),
    ] as [([(Range<Int>, String)], String)])
  func splicing(edits: [(Range<Int>, String)], expected: String) throws {
    let document = try JSONDocument(parsing: Array("[1, 2]".utf8))
    let result = document.splicing(edits.map { ($0.0, Array($0.1.utf8)) })
    #expect(String(decoding: result, as: UTF8.self) == expected)
  }

  @Test("a string's beginning and end are as long as they may be, in whole characters", arguments: 0..<60)
  func ends(seed: Int) throws {
    // Runs of one letter among them, longer than a stride.
    let pieces = (0..<(seed % 7 * 5)).flatMap { index -> [String] in
      let atom = Self.atoms[(index * 7 + seed * 3) % Self.atoms.count]
      return index % 4 == 3 ? Array(repeating: "b", count: (seed * 11 + index) % 80) : [atom]
    }
    let document = try JSONDocument(parsing: Array("\"\(pieces.joined())\"".utf8))
    let content = document.stringContentRange(of: document.root)
    for count in [0, 1, 2, 5, 31, 32, 33, 64, 100, pieces.count, pieces.count + 1] {
      func fits(_ counts: JSONCharacterCounts) -> Bool {
        counts.oneByte + counts.twoBytes + counts.threeBytes + counts.fourBytes <= count
      }
      let prefix = pieces.prefix(count).joined().utf8.count
      #expect(document.endOfPrefix(of: document.root, while: fits) == content.lowerBound + prefix)
      let suffix = pieces.suffix(count).joined().utf8.count
      #expect(
        document.startOfSuffix(of: document.root, from: content.lowerBound, while: fits)
          == content.upperBound - suffix)
      // From somewhere in the middle on it is no longer than what is left.
      let middle = content.lowerBound + pieces.prefix(pieces.count / 2).joined().utf8.count
      #expect(
        document.startOfSuffix(of: document.root, from: middle, while: fits)
          == max(middle, content.upperBound - suffix))
    }
  }
}
