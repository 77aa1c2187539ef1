import JSON
import Providers
import Testing

@Suite("TokenEstimate")
struct TokenEstimateTests {
  @Test(
    "weighs characters by script",
    arguments: [
      ("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("привет", 3), ("敏捷的棕色狐狸", 7), ("😀", 3), ("caféé", 2),
    ])
  func characters(text: String, expected: Int) {
    var writer = JSONWriter()
    writer.value(text)
    let counts = JSONCharacterCounts(escaped: writer.bytes.dropFirst().dropLast())
    #expect(TokenEstimate.tokens(in: counts) == expected)
  }

  @Test("the same text counts the same however it is escaped")
  func escapes() throws {
    let plain = try request(#"{"prompt":"é漢😀"}"#).inputSize
    let escaped = try request(#"{"prompt":"\u00e9\u6f22\ud83d\ude00"}"#).inputSize
    #expect(plain == escaped)
  }

  @Test(
    "no estimate passes the bound",
    arguments: [
      #"{"prompt":"a"}"#, #"{"prompt":"\u0001\u0002\u0003"}"#, #"{"prompt":"😀😀😀😀😀😀😀😀😀"}"#,
      #"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}"#,
    ])
  func bound(body: String) throws {
    let size = try request(body).inputSize
    #expect(TokenEstimate.tokens(in: size) <= TokenEstimate.upperBound(of: size))
    #expect(TokenEstimate.upperBound(of: size) >= size.characters.byteCount)
  }
}
