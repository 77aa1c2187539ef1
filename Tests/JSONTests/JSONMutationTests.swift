import Foundation
import JSON
import Testing

@Suite("JSONDocument and Foundation")
struct JSONMutationTests {
  private static let seeds = [
    #"{"model":"gpt-4o","messages":[{"role":"user","content":"Say \"hi\" é 😀"}],"max_tokens":16}"#,
    #"[0,-1,1.5,2e10,1E-2,true,false,null,"",{},[]]"#,
    #"{"a":{"b":{"c":[1,[2,[3]]]}},"\u00e9\ud83d\ude00":"\b\f\n\r\t\/\\"}"#,
    " { \"x\" :\t[ 1 , 2 ]\r\n, \"y\" : \"z\" } ",
  ]

  /// Known differences, none of which concerns UTF-8 JSON as RFC 8259 writes it:
  /// Foundation refuses a lone surrogate escape and a number that no Double holds, which the grammar
  /// allows; it guesses UTF-16 and UTF-32 from zero bytes; and it takes a NUL for the end of the text.
  private static func isComparable(_ text: [UInt8]) -> Bool {
    if text.contains(0) { return false }
    let string = String(decoding: text, as: UTF8.self)
    if string.contains("\\u") || string.contains("\u{FEFF}") { return false }
    return string.firstMatch(of: /[eE][+-]?[0-9]{3}/) == nil
  }

  private static func refusal(of text: [UInt8]) -> JSONError.Reason? {
    do {
      _ = try JSONDocument(parsing: text)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test("agree on 20,000 mutations of good texts")
  func mutations() {
    var random = Generator(state: 0x5EED)
    let alphabet = Array("{}[]\",:\\/0123456789.-+eEtrufalsn \n\t\u{1}é".utf8) + [0x80, 0xC0, 0xFF, 0xED]
    var compared = 0
    var accepted = 0
    for round in 0..<20_000 {
      var text = Array(Self.seeds[round % Self.seeds.count].utf8)
      for _ in 0...Int.random(in: 0..<3, using: &random) {
        let place = Int.random(in: 0..<text.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text.remove(at: place)
        case 1: text[place] = alphabet.randomElement(using: &random) ?? 0
        case 2: text.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
        default: text.swapAt(place, Int.random(in: 0..<text.count, using: &random))
        }
      }
      guard Self.isComparable(text) else { continue }
      let reason = Self.refusal(of: text)
      // Foundation takes a comma behind the last value, which RFC 8259 §4 and §5 do not.
      if reason == .trailingComma { continue }
      let ours = reason == nil
      let theirs = (try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)) != nil
      #expect(ours == theirs, "\(String(decoding: text, as: UTF8.self)) \(text)")
      compared += 1
      accepted += ours ? 1 : 0
    }
    #expect(compared > 10_000)
    #expect(accepted > 1_000)
  }
}

/// A small repeatable source of numbers (splitmix64), so that a failure comes again.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
