import Testing

@testable import Accounting

@Suite("ChainLink")
struct ChainLinkTests {
  /// FIPS 180-2, appendix B, and NIST's example of no bytes.
  @Test(
    "SHA-256 gives the standard's digests, by the processor's instructions and without",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        String(repeating: "a", count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
    ])
  func vectors(text: String, expected: String) {
    for isPortable in [true, false] {
      let digest = Array(text.utf8).withUnsafeBytes {
        hexadecimal($0, UnsafeRawBufferPointer(rebasing: $0[..<0]), isPortable)
      }
      #expect(digest == expected)
    }
  }

  @Test("bytes may be split anywhere between the two pieces, and both forms agree at every length")
  func splits() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    bytes.withUnsafeBytes { bytes in
      for count in 0...300 {
        let whole = hexadecimal(
          UnsafeRawBufferPointer(rebasing: bytes[..<0]), UnsafeRawBufferPointer(rebasing: bytes[..<count]),
          true)
        for split in [0, 1, 16, 63, 64, 65, 128, 200] where split <= count {
          let first = UnsafeRawBufferPointer(rebasing: bytes[..<split])
          let second = UnsafeRawBufferPointer(rebasing: bytes[split..<count])
          #expect(hexadecimal(first, second, false) == whole && hexadecimal(first, second, true) == whole)
        }
      }
    }
  }

  @Test("a link is read from the end of the line it was written to, and from nothing else")
  func suffix() {
    let content = Array(#"{"n":1"#.utf8)
    let link = content.withUnsafeBytes { ChainLink.genesis.next($0) }
    var line = content
    link.appendSuffix(to: &line)
    #expect(line.count == content.count + ChainLink.suffixSize)
    #expect(read(line) == link)
    for size in 0..<line.count { #expect(read(Array(line[..<size])) == nil) }
    #expect(read(Array(line[content.count...])) == nil)
    for index in content.count..<line.count {
      var changed = line
      changed[index] = UInt8(ascii: "G")
      #expect(read(changed) == nil)
    }
  }

  @Test("each line's link depends on every byte of it and on the link before")
  func dependence() {
    let content = Array(#"{"cost_usd":"0.1""#.utf8)
    let link = content.withUnsafeBytes { ChainLink.genesis.next($0) }
    #expect(content.withUnsafeBytes { link.next($0) } != link)
    for index in content.indices {
      var changed = content
      changed[index] ^= 1
      #expect(changed.withUnsafeBytes { ChainLink.genesis.next($0) } != link)
    }
  }

  private func read(_ line: [UInt8]) -> ChainLink? {
    line.withUnsafeBytes { ChainLink(endOf: $0) }
  }

  private func hexadecimal(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, _ isPortable: Bool
  ) -> String {
    let digest = Sha256.digest(first, second, portable: isPortable)
    let digits = Array("0123456789abcdef")
    return String(digest.indices.flatMap { [digits[Int(digest[$0] >> 4)], digits[Int(digest[$0] & 15)]] })
  }
}
