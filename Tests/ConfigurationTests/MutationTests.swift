import Testing

@testable import Configuration

@Suite("A damaged file")
struct MutationTests {
  /// A small generator with a fixed seed, so a failure can be repeated.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    /// SplitMix64.
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// Reads it and checks what must hold of any bytes: an answer, and no key in it.
  private func check(_ bytes: [UInt8]) {
    do throws(ConfigurationErrors) {
      let configuration = try Sample.decode(bytes: bytes, environment: SecrecyTests.environment)
      #expect(!configuration.providers.isEmpty)
      #expect(!configuration.summaryTable().contains(SecrecyTests.marker))
      #expect(configuration.warnings.allSatisfy { !$0.contains(SecrecyTests.marker) })
    } catch {
      #expect(!error.errors.isEmpty)
      #expect(!error.description.contains(SecrecyTests.marker))
      #expect(error.errors.allSatisfy { $0.line ?? 1 >= 1 && $0.column ?? 1 >= 1 })
    }
  }

  @Test("cut anywhere, it is read or refused")
  func truncated() throws {
    let bytes = try Sample.shipped()
    for end in stride(from: 0, to: bytes.count, by: 13) { check(Array(bytes[..<end])) }
  }

  @Test("with bytes changed, removed, repeated and swapped, it is read or refused")
  func mutated() throws {
    let original = try Sample.shipped()
    let spice = Array("{}[]:,-#&*!|>'\"%@`$~\n\t 0\u{0}é".utf8) + [0xFF, 0xC3, 0x80]
    var generator = Generator(state: 20)
    for _ in 0..<3000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, index + Int.random(in: 1...40, using: &generator))
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[index] = spice.randomElement(using: &generator) ?? 0
        case 1: bytes.insert(spice.randomElement(using: &generator) ?? 0, at: index)
        case 2: bytes.removeSubrange(index..<end)
        case 3: bytes.insert(contentsOf: bytes[index..<end], at: index)
        default: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
      }
      check(bytes)
    }
  }
}
