import JSON
import Testing

@Suite("Replacing members")
struct JSONReplacingTests {
  private func replace(_ text: String, _ changes: [(StaticString, String?)]) throws -> String {
    let document = try JSONDocument(parsing: Array(text.utf8))
    let output = document.replacing(members: changes.map { ($0.0, $0.1.map { Array($0.utf8) }) })
    _ = try JSONDocument(parsing: output)
    return String(decoding: output, as: UTF8.self)
  }

  @Test(
    "changes what is named and leaves every other byte",
    arguments: [
      (#"{"a":1}"#, "2", #"{"a":2}"#), (#"{ "x" : 1.0e5 , "a" : 1 }"#, "2", #"{ "x" : 1.0e5 , "a" : 2 }"#),
      ("{}", "2", #"{"a":2}"#), (" {\n} ", "2", " {\"a\":2\n} "), (#"{"b":1}"#, "2", #"{"b":1,"a":2}"#),
      (#"{"b":1 }"#, "2", #"{"b":1,"a":2 }"#), (#"{"\u0061":1}"#, "2", #"{"\u0061":2}"#),
      (#"{"a":1,"b":{"a":1},"a":[1]}"#, "2", #"{"a":2,"b":{"a":1},"a":2}"#),
      ("\u{FEFF}{\"a\":1}", "2", #"{"a":2}"#),
      (#"{"a":1}"#, nil, "{}"), (#"{"a":1,"b":2}"#, nil, #"{"b":2}"#), (#"{"b":2,"a":1}"#, nil, #"{"b":2}"#),
      (#"{"b":2 , "a":1 , "c":3}"#, nil, #"{"b":2 , "c":3}"#), (#"{"a":1,"a":2,"a":3}"#, nil, "{}"),
      (#"{ "a":1 , "a":2 , "b":3 }"#, nil, #"{ "b":3 }"#), (#"{"b":3,"a":1,"a":2}"#, nil, #"{"b":3}"#),
      (#"{"a":1,"b":3,"a":2}"#, nil, #"{"b":3}"#), ("{}", nil, "{}"), (#"{"b":"a"}"#, nil, #"{"b":"a"}"#),
    ] as [(String, String?, String)])
  func one(text: String, value: String?, expected: String) throws {
    #expect(try replace(text, [("a", value)]) == expected)
  }

  @Test("several changes at once")
  func several() throws {
    let text = #"{"model":"x","stream":true,"messages":[{"model":1}],"stream_options":{}}"#
    let changes: [(StaticString, String?)] = [
      ("model", "\"y\""), ("stream_options", nil), ("max_tokens", "7"), ("seed", nil), ("n", "1"),
    ]
    let expected = #"{"model":"y","stream":true,"messages":[{"model":1}],"max_tokens":7,"n":1}"#
    #expect(try replace(text, changes) == expected)
    #expect(try replace("{}", changes) == #"{"model":"y","max_tokens":7,"n":1}"#)
  }

  /// Builds objects from all sequences of up to five members over four keys and applies all changes.
  @Test("reads back as the object with the changes made, for every small object")
  func exhaustive() throws {
    let keys = ["a", "b", "\\u0061", "c"]
    for length in 0...5 {
      for code in 0..<(0..<length).reduce(1, { product, _ in product * keys.count }) {
        var rest = code
        var names: [String] = []
        for _ in 0..<length {
          names.append(keys[rest % keys.count])
          rest /= keys.count
        }
        let members = names.enumerated().map { "\"\($0.element)\": \($0.offset)" }
        let text = "{ " + members.joined(separator: " , ") + "}"
        for change in [
          ("a", "9" as String?, "b", nil as String?), ("a", nil, "b", "9"), ("a", nil, "b", nil),
        ] {
          try check(text, names: names, a: change.1, b: change.3)
        }
      }
    }
  }

  private func check(_ text: String, names: [String], a: String?, b: String?) throws {
    let output = try replace(text, [("a", a), ("b", b)])
    var expected: [String] = []
    for (index, name) in names.enumerated() {
      switch name {
      case "b": if let b { expected.append("b=\(b)") }
      case "c": expected.append("c=\(index)")
      default: if let a { expected.append("a=\(a)") }
      }
    }
    if let a, !names.contains("a") && !names.contains("\\u0061") { expected.append("a=\(a)") }
    if let b, !names.contains("b") { expected.append("b=\(b)") }
    let document = try JSONDocument(parsing: Array(output.utf8))
    let found = document.members(of: document.root).map { key, value in
      "\(document.string(key) ?? "?")=\(document.int(value) ?? -1)"
    }
    #expect(found == expected, "\(text) → \(output)")
  }
}
