import HTTP
import Testing

@Suite("Target")
struct TargetTests {
  static func target(_ text: String) -> Target? { Target(Array(text.utf8)[...]) }

  @Test(
    "decodes the path and keeps the query",
    arguments: [
      ("/", "/", ""), ("/a%20b?c=d", "/a b", "c=d"), ("/%C3%A4", "/ä", ""), ("/a#b?c", "/a", ""),
      ("http://host:80/x?y", "/x", "y"), ("HTTPS://host", "/", ""), ("*", "*", ""), ("/a+b", "/a+b", ""),
    ])
  func decodes(text: String, path: String, query: String) throws {
    let target = try #require(Self.target(text))
    #expect(target.path == path)
    #expect(target.query == query)
  }

  @Test(
    "refuses what is no path",
    arguments: [
      "", "a", "host:80", "/%", "/%1", "/%zz", "/%00", "/%0d%0a", "/%ff", "/%7F", "ftp://host/x", "/%+1",
    ])
  func refuses(text: String) {
    #expect(Self.target(text) == nil)
  }

  @Test("finds decoded query values")
  func queryValues() throws {
    let target = try #require(Self.target("/x?limit=10&q=a+b%26c&flag&limit=20"))
    #expect(target.queryValue("limit") == "10")
    #expect(target.queryValue("q") == "a b&c")
    #expect(target.queryValue("flag") == "")
    #expect(target.queryValue("none") == nil)
  }

  @Test(
    "a value that does not decode comes as it was sent", arguments: ["%F0%97", "%", "%0", "%xy", "a%00b"])
  func undecodableValue(text: String) throws {
    let target = try #require(Self.target("/x?a=1&limit=\(text)"))
    #expect(target.queryValue("limit") == text)
  }
}

@Suite("HTTPDate")
struct HTTPDateTests {
  @Test(
    "writes IMF-fixdate",
    arguments: [
      (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
      (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
      (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (1_763_683_200, "Fri, 21 Nov 2025 00:00:00 GMT"),
    ])
  func writes(seconds: Int, text: String) {
    #expect(String(decoding: HTTPDate.bytes(secondsSince1970: seconds), as: UTF8.self) == text)
  }
}

@Suite("Response fields")
struct ResponseFieldsTests {
  @Test("leave out what would end a line, so that no value adds a field")
  func noInjection() {
    var fields = ResponseFields()
    fields.add("x-one", "a\r\nx-two: b\u{0}")
    #expect(String(decoding: fields.bytes, as: UTF8.self) == "x-one: ax-two: b\r\n")
  }

  @Test("write numbers", arguments: [(0, "0"), (7, "7"), (1_048_576, "1048576"), (-12, "-12")])
  func numbers(value: Int, text: String) {
    var fields = ResponseFields()
    fields.add("n", value)
    #expect(String(decoding: fields.bytes, as: UTF8.self) == "n: \(text)\r\n")
  }
}
