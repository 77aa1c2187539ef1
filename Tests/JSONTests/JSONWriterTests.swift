import Foundation
import JSON
import Testing

@Suite("JSONWriter")
struct JSONWriterTests {
  @Test("puts commas and colons where they belong")
  func structure() throws {
    let source = try JSONDocument(parsing: Array(#"{"n": 1.50}"#.utf8))
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("text", "a\"b")
    writer.member("literal", "x" as StaticString)
    writer.member("int", -12)
    writer.member("double", 0.1)
    writer.member("nan", Double.nan)
    writer.member("bool", true)
    writer.memberNull("null")
    writer.member("raw", raw: Array("[1]".utf8))
    writer.member("spliced", try #require(source.member("n", of: source.root)), of: source)
    writer.member("escaped", escapedContent: Array(#"\n"#.utf8)[...])
    writer.key("list")
    writer.beginArray()
    writer.value(1)
    writer.beginArray()
    writer.endArray()
    writer.beginObject()
    writer.endObject()
    writer.value(false)
    writer.string(escapedContent: Array(#"a\n"#.utf8)[...])
    writer.endArray()
    writer.key("key \"é\"" as String)
    writer.null()
    writer.endObject()
    let expected =
      #"{"text":"a\"b","literal":"x","int":-12,"double":0.1,"nan":null,"bool":true,"null":null,"#
      + #""raw":[1],"spliced":1.50,"escaped":"\n","list":[1,[],{},false,"a\n"],"key \"é\"":null}"#
    #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
  }

  @Test("any text reads back as it was")
  func strings() throws {
    let pieces = [
      "", "a", "\"", "\\", "/", "\n", "\u{0}", "\u{1F}", "\u{7F}", "é", "€", "😀", "1234567", "\u{2028}",
    ]
    for first in pieces {
      for second in pieces {
        for third in pieces {
          let text = first + second + third
          var writer = JSONWriter()
          writer.value(text)
          let document = try JSONDocument(parsing: writer.bytes)
          #expect(document.string(document.root) == text)
        }
      }
    }
  }

  @Test(
    "control characters, quotes and bytes that are not UTF-8",
    arguments: [
      ([0x22, 0x5C, 0x2F], #""\"\\/""#), ([8, 9, 10, 12, 13], #""\b\t\n\f\r""#),
      ([0, 1, 0x0B, 0x10, 0x1F], #""\u0000\u0001\u000b\u0010\u001f""#),
      ([0x61, 0xFF, 0x62], "\"a\u{FFFD}b\""),
      ([0xC3], "\"\u{FFFD}\""), ([0xE2, 0x82], "\"\u{FFFD}\u{FFFD}\""),
      ([0xED, 0xA0, 0x80], "\"\u{FFFD}\u{FFFD}\u{FFFD}\""),
      ([0xC3, 0xA9], "\"é\""),
    ] as [([UInt8], String)])
  func escapes(bytes: [UInt8], expected: String) {
    var writer = JSONWriter()
    writer.stringFromUTF8(bytes: bytes)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
  }

  @Test("whole numbers", arguments: [0, 1, -1, 9, 10, 99, 100, -100, 1_234_567_890, .max, .min] as [Int])
  func integers(value: Int) {
    var writer = JSONWriter()
    writer.value(value)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == String(value))
  }

  @Test(
    "doubles read back the same, in our reader and in Foundation's",
    arguments: [
      0, -0.0, 1, 0.1, 1e20, 1e21, 1e-5, 1.7976931348623157e308, .leastNonzeroMagnitude, 1 / 3, -2.5e-10,
      123456789.125,
    ] as [Double])
  func doubles(value: Double) throws {
    var writer = JSONWriter()
    writer.value(value)
    let document = try JSONDocument(parsing: writer.bytes)
    #expect(document.double(document.root) == value)
    let read = try JSONSerialization.jsonObject(with: Data(writer.bytes), options: .fragmentsAllowed)
    #expect((read as? NSNumber)?.doubleValue == value)
  }

  @Test("infinity is null, for JSON has none", arguments: [Double.infinity, -.infinity, .nan])
  func notFinite(value: Double) {
    var writer = JSONWriter()
    writer.value(value)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "null")
  }
}
