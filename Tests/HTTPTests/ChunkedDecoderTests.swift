import HTTP
import Testing

@Suite("ChunkedDecoder")
struct ChunkedDecoderTests {
  static let good: [(String, String)] = [
    ("0\r\n\r\n", ""),
    ("3\r\nabc\r\n0\r\n\r\n", "abc"),
    ("3;name=value\r\nabc\r\n0\r\n\r\n", "abc"),
    ("3 \r\nabc\r\n0\r\n\r\n", "abc"),
    ("1\r\na\r\nA\r\n0123456789\r\n0\r\n\r\n", "a0123456789"),
    ("00003\r\nabc\r\n000\r\n\r\n", "abc"),
    ("3\r\n\r\n\n\r\n0\r\n\r\n", "\r\n\n"),
    ("2\r\nok\r\n0\r\nTrailer: x\r\nOther: y\r\n\r\n", "ok"),
  ]

  @Test("takes the coding off, however the bytes are cut", arguments: good)
  func decodes(coded: String, expected: String) {
    let bytes = Array(coded.utf8)
    for cut in 0...bytes.count {
      var decoder = ChunkedDecoder()
      var body: [UInt8] = []
      var progress = decoder.decode(Array(bytes[..<cut]), from: 0, into: &body)
      if cut < bytes.count {
        #expect(progress == .incomplete)
        progress = decoder.decode(bytes, from: cut, into: &body)
      }
      #expect(progress == .complete(nextMessage: bytes.count))
      #expect(String(decoding: body, as: UTF8.self) == expected)
    }
  }

  @Test("leaves what follows the body")
  func leavesTheRest() {
    let bytes = Array("1\r\na\r\n0\r\n\r\nGET /".utf8)
    var decoder = ChunkedDecoder()
    var body: [UInt8] = []
    #expect(decoder.decode(bytes, from: 0, into: &body) == .complete(nextMessage: bytes.count - 5))
  }

  @Test(
    "refuses what is not chunked",
    arguments: [
      "\r\n", "x\r\n", "-1\r\n", "3\nabc", "3\r\nabcd\r\n", "3\r\nabc\n", "3\r\nabcX\r\n", "0\r\n\rX",
      ";x\r\n",
      "0x3\r\nabc\r\n", "FFFFFFFFFFFFFFFF\r\n", "3;a\nabc\r\n", "3\rX", "0\r\nTrailer\n\r\n",
    ])
  func refuses(coded: String) {
    var decoder = ChunkedDecoder()
    var body: [UInt8] = []
    #expect(decoder.decode(Array(coded.utf8), from: 0, into: &body) == .malformed)
  }

  @Test("refuses endless extensions and trailers")
  func refusesEndless() {
    for coded in [
      "1;" + String(repeating: "a", count: 5_000), "0\r\n" + String(repeating: "A: b\r\n", count: 4_000),
    ] {
      var decoder = ChunkedDecoder()
      var body: [UInt8] = []
      #expect(decoder.decode(Array(coded.utf8), from: 0, into: &body) == .malformed)
    }
  }
}
