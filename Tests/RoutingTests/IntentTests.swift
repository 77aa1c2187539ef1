import Testing

@testable import Routing

@Suite("Intent")
struct IntentTests {
  @Test("every entry of the lexicon can match, and stands for one intent")
  func lexiconIsSound() {
    var intents: [IntentLexicon.Entry: Intent] = [:]
    for row in IntentLexicon.rows {
      #expect((1...9).contains(row.weight))
      for entry in row.all {
        #expect(intents[entry] == nil || intents[entry] == row.intent, "\(entry.text) stands for two intents")
        intents[entry] = row.intent
        #expect(entry.text == entry.text.lowercased() && !entry.text.isEmpty, "\(entry.text)")
        #expect(!entry.text.contains("  ") && !entry.text.contains("*"), "\(entry.text)")
        #expect(!entry.isStem || !entry.text.contains(" "), "\(entry.text)* begins with a whole word")
        for hash in entry.hashes {
          let table = entry.isStem ? IntentTable.shared.stems : IntentTable.shared.words
          #expect(table.entry(for: hash)?.intent == row.entry.intent, "\(entry.text)")
        }
      }
    }
  }

  @Test("what is asked at the start or the end outweighs a pasted article")
  func pastedText() {
    let article = String(
      repeating: "The python is a snake; students of its history compare data on it and write code. ",
      count: 200)
    #expect(Intent.detect(in: "Summarize this article:\n" + article) == .summarization)
    #expect(Intent.detect(in: article + "\nPlease translate the above into French.") == .translation)
  }

  @Test("only the first 4 kB and the last 1 kB are read")
  func readsTheEnds() {
    let filler = String(repeating: "lorem ipsum ", count: 500)
    #expect(Intent.detect(in: filler + " translate summarize " + filler) == .general)
  }

  @Test(
    "any bytes are taken",
    arguments: [[], [0], [0xff, 0xfe, 0x80], Array(repeating: 0x61, count: 100_000), Array(0...255)]
      as [[UInt8]])
  func anyBytes(bytes: [UInt8]) {
    #expect(Intent.detect(in: bytes.span) == .general)
  }

  @Test(
    "words are found as typed, with accents left out or apart, umlauts in two letters, and inflected",
    arguments: [
      ("Übersetze das", .translation), ("uebersetz das", .translation), ("UBERSETZEN", .translation),
      ("U\u{308}bersetzung", .translation), ("Résumez ceci", .summarization), ("resume ceci", .summarization),
      ("RE\u{301}SUME\u{301}", .summarization), ("fais une synthèse", .summarization),
      ("tradúcelo", .translation),
      ("Übersetzungsdienst", .translation), ("«traduire»", .translation), ("¿analizas esto?", .analysis),
      ("“summarize”—please", .summarization), ("请翻译", .translation), ("用Python写函数", .codeGeneration),
      ("總結一下", .summarization), ("分、析", .general), ("Straße", .general),
    ] as [(String, Intent)])
  func spellings(text: String, expected: Intent) {
    #expect(Intent.detect(in: text) == expected)
  }

  @Test("what stands after the colon of a request is its matter, not the request")
  func colon() {
    #expect(
      Intent.detect(in: "Put this into Dutch: analyze and compare the report, evaluate the risks")
        == .translation
    )
    #expect(Intent.detect(in: "Here is what I want: summarize the report") == .summarization)
    #expect(Intent.detect(in: "译成英文：分析，比较，评估风险") == .translation)
  }

  @Test("text that ends within a character is taken", arguments: 1...12)
  func cut(size: Int) {
    #expect(Intent.detect(in: Array("诗é“😀œ".utf8.prefix(size)).span) == .writing || size < 3)
  }

  @Test("case and line breaks make no difference")
  func caseAndBreaks() {
    #expect(Intent.detect(in: "TRANSLATE\nTHIS\r\nINTO\tFRENCH") == .translation)
  }

  @Test(
    "an intent is known by its name, and code by its short one",
    arguments: [
      ("code_generation", .codeGeneration), ("code", .codeGeneration), ("Code", .codeGeneration),
      ("analysis", .analysis), ("general", .general), ("maths", nil), ("", nil), ("codes", nil),
    ] as [(String, Intent?)])
  func names(name: String, expected: Intent?) {
    #expect(Intent(name: name) == expected)
  }

  @Test("specialties that name no intent are passed over")
  func specialties() {
    let set = IntentSet(specialties: ["code", "long-context", "writing", ""])
    #expect(set == [IntentSet(.codeGeneration), IntentSet(.writing)])
  }
}
