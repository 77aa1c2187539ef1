import Testing

@testable import Accounting

@Suite("MinuteText")
struct MinuteTextTests {
  @Test("times that follow each other are read as each alone, whatever their text")
  func sameAsAlone() {
    var generator = SplitMix(state: 11)
    var minute = MinuteText()
    var milliseconds: Int64 = 1_795_251_540_000
    var readCount = 0
    for _ in 0..<20_000 {
      milliseconds += Int64.random(in: -30_000...31_000, using: &generator)
      var text: [UInt8] = []
      Timestamp(millisecondsSince1970: milliseconds).appendRFC3339(to: &text)
      if Bool.random(using: &generator) {
        let changed = Array("0123456789:.-TZ/ x".utf8).randomElement(using: &generator)!
        text[Int.random(in: 0..<text.count, using: &generator)] = changed
      }
      let alone = Timestamp(rfc3339: text.span)
      #expect(text.withUnsafeBytes { minute.time($0) } == alone, "\(String(decoding: text, as: UTF8.self))")
      if alone != nil { readCount += 1 }
    }
    #expect(readCount > 10_000)
  }
}
