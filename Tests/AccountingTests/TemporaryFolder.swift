import FoundationEssentials
import Glibc
import Testing

@testable import Accounting

/// A folder of its own for each test, gone with it.
final class TemporaryFolder: Sendable {
  private let root: String

  init() {
    var template = Array("/tmp/tollgate-accounting-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "/tmp takes a new folder")
    root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: root)
  }

  func path(_ name: String) -> String {
    name.isEmpty ? root : root + "/" + name
  }

  func write(_ text: String, to name: String) {
    let file = fopen(path(name), "w")!
    fputs(text, file)
    fclose(file)
  }

  func write(_ bytes: [UInt8], to name: String) {
    let file = fopen(path(name), "w")!
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  func bytes(_ name: String) -> [UInt8] {
    FileManager.default.contents(atPath: path(name)).map { Array($0) } ?? []
  }

  func read(_ name: String) -> String {
    guard let data = FileManager.default.contents(atPath: path(name)) else { return "no file \(name)" }
    return String(decoding: data, as: UTF8.self)
  }

  /// The text of a log's files without the chain, of which each link is checked to fit the one before.
  func plain(_ names: String...) -> String {
    var link = ChainLink.genesis
    return names.map { read($0) }.joined().split(separator: "\n").map { line in
      Array(line.utf8).withUnsafeBytes { bytes in
        guard let next = ChainLink(endOf: bytes) else { return String(line) + "\n" }
        let content = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - ChainLink.suffixSize)])
        #expect(link.next(content) == next, "the link of \(line) fits")
        link = next
        return String(decoding: content, as: UTF8.self) + "}\n"
      }
    }
    .joined()
  }
}

/// Random numbers that are the same in every run: SplitMix64 (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
