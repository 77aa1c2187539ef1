import FoundationEssentials
import Glibc

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

  func read(_ name: String) -> String {
    guard let data = FileManager.default.contents(atPath: path(name)) else { return "no file \(name)" }
    return String(decoding: data, as: UTF8.self)
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
