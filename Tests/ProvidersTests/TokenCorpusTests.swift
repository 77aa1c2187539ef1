import Foundation
import JSON
import Providers
import Testing

/// The estimate and the bound, held against what real tokenizers count: `scripts/token-estimate --write`.
@Suite struct TokenCorpusTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("TokenCorpus")

  /// The texts by name, and what each tokenizer makes of them.
  private static let corpus: [(name: String, text: String, counts: [String: Int])] = {
    guard let data = FileManager.default.contents(atPath: folder.appendingPathComponent("counts.json").path),
      let document = try? JSONDocument(parsing: Array(data))
    else { return [] }
    return document.members(of: document.root).compactMap { key, value in
      let name = document.string(key) ?? ""
      let path = folder.appendingPathComponent(name + ".txt").path
      guard let text = FileManager.default.contents(atPath: path) else { return nil }
      var counts: [String: Int] = [:]
      for (tokenizer, count) in document.members(of: value) {
        counts[document.string(tokenizer) ?? ""] = document.int(count)
      }
      return (name, String(decoding: text, as: UTF8.self), counts)
    }
  }()

  private func characters(_ text: String) -> JSONCharacterCounts {
    var writer = JSONWriter()
    writer.value(text)
    return JSONCharacterCounts(escaped: writer.bytes.dropFirst().dropLast())
  }

  @Test("the corpus has the kinds of text that are asked about, each counted by several tokenizers")
  func corpus() {
    let names = [
      "chinese", "code", "emoji", "english", "german", "japanese", "json", "korean", "russian",
    ]
    #expect(Self.corpus.map(\.name).sorted() == names)
    #expect(Self.corpus.allSatisfy { $0.counts.count >= 4 && $0.counts.values.allSatisfy { $0 > 100 } })
  }

  @Test(
    "the estimate is within 40 % of every tokenizer, and within 5 % of OpenAI's for English, code and JSON")
  func error() {
    for (name, text, counts) in Self.corpus {
      let estimate = TokenEstimate.tokens(in: characters(text))
      for (tokenizer, count) in counts {
        let error = abs(estimate - count) * 100 / count
        #expect(error <= 40, "\(name), \(tokenizer): \(estimate) for \(count)")
        guard ["english", "code", "json"].contains(name), tokenizer.hasSuffix("_base") else { continue }
        #expect(error <= 5, "\(name), \(tokenizer): \(estimate) for \(count)")
      }
    }
  }

  @Test("no tokenizer passes the bound")
  func bound() {
    for (_, text, counts) in Self.corpus {
      let bound = TokenEstimate.upperBound(inputBytes: characters(text).byteCount)
      #expect(counts.values.allSatisfy { $0 <= bound })
    }
  }
}
