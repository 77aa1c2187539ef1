import Testing

@testable import Configuration

@Suite("docs/configuration.md")
struct DocumentationTests {
  /// A file for each section, with a key in it that is none; the error lists the section's keys.
  private static let sections = [
    "zzzzzzzz: 1\n" + Sample.provider, "server: {zzzzzzzz: 1}\n" + Sample.provider,
    "keys: [{name: a, key: '12345678', zzzzzzzz: 1}]\n" + Sample.provider,
    "routing: {zzzzzzzz: 1}\n" + Sample.provider,
    "routing: {penalty: {zzzzzzzz: 1}}\n" + Sample.provider,
    "routing: {hedge: {zzzzzzzz: 1}}\n" + Sample.provider, "breaker: {zzzzzzzz: 1}\n" + Sample.provider,
    "cooldown: {tokens: 1, zzzzzzzz: 1}\n" + Sample.provider, "budgets: {zzzzzzzz: 1}\n" + Sample.provider,
    "ledger: {zzzzzzzz: 1}\n" + Sample.provider, "prompt: {zzzzzzzz: 1}\n" + Sample.provider,
    Sample.provider("free: true", "zzzzzzzz: 1"),
    Sample.provider("cost_per_token: 0", "above_tokens: [{threshold: 1, cost_per_token: 0, zzzzzzzz: 1}]"),
  ]

  @Test("explains every key of every section", arguments: sections)
  func explains(yaml: String) throws {
    let path = Sample.shippedPath.dropLast("providers.yaml".count) + "docs/configuration.md"
    let text = String(decoding: try TextFile(path: String(path), limit: 1_000_000).bytes, as: UTF8.self)
    let error = try #require(Sample.errors(yaml).first)
    let marker = "known are "
    let start = try #require(error.firstRange(of: marker)).upperBound
    let keys = error[start...].split(separator: ", ")
    #expect(!keys.isEmpty)
    let places = ["", "penalty.", "hedge."]
    for key in keys where !places.contains(where: { text.contains("`\($0)\(key)`") }) {
      Issue.record("\(key) is not explained")
    }
  }
}
