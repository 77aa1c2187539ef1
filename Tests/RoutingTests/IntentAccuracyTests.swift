import FoundationEssentials
import Testing

@testable import Routing

@Suite("Intent accuracy")
struct IntentAccuracyTests {
  @Test("the prompts are enough, in every language and of every intent, and none is there twice")
  func prompts() {
    let all = LabelledPrompt.tuning + LabelledPrompt.heldOut + LabelledPrompt.later
    #expect(all.count >= 320)
    #expect(Set(all.map(\.text)).count == all.count)
    for language in LabelledPrompt.Language.allCases {
      let prompts = all.filter { $0.language == language }
      #expect(prompts.count >= (language == .english ? 200 : 24), "\(language)")
      for intent in Intent.allCases {
        for half in [LabelledPrompt.tuning, LabelledPrompt.heldOut] {
          let count = half.count { $0.language == language && $0.intent == intent }
          #expect(count >= 3, "\(language), \(intent.rawValue)")
        }
      }
    }
  }

  @Test(
    "prompts of the tuning half are taken for what they are",
    arguments: [
      (.english, 93), (.german, 90), (.french, 90), (.spanish, 90), (.chinese, 90),
    ] as [(LabelledPrompt.Language, Int)])
  func tuning(language: LabelledPrompt.Language, percent: Int) {
    let prompts = LabelledPrompt.tuning.filter { $0.language == language }
    let wrong = prompts.compactMap { prompt in
      let found = Intent.detect(in: prompt.text)
      return found == prompt.intent ? nil : "\(prompt.intent.rawValue) → \(found.rawValue): \(prompt.text)"
    }
    let right = prompts.count - wrong.count
    #expect(
      right * 100 >= prompts.count * percent, "\(right) of \(prompts.count); \(wrong.joined(separator: "\n"))"
    )
  }

  @Test(
    "held-out prompts are taken for what they are; which ones are not stays hidden",
    arguments: [
      (.english, 90), (.german, 85), (.french, 85), (.spanish, 85), (.chinese, 85),
    ] as [(LabelledPrompt.Language, Int)])
  func heldOut(language: LabelledPrompt.Language, percent: Int) {
    let confusion = IntentConfusion(LabelledPrompt.heldOut.filter { $0.language == language })
    #expect(confusion.accuracyPercent >= percent, "\(confusion.right) of \(confusion.total)")
  }

  @Test("prompts written after the lexicon are taken for what they are, less often")
  func later() {
    let english = IntentConfusion(LabelledPrompt.later.filter { $0.language == .english })
    let others = IntentConfusion(LabelledPrompt.later.filter { $0.language != .english })
    #expect(english.accuracyPercent >= 70, "\(english.right) of \(english.total)")
    #expect(others.accuracyPercent >= 70, "\(others.right) of \(others.total)")
  }

  /// Prints the tables, so that this test run by itself is how they are made.
  @Test("the tables in docs/routing.md are what the detector finds")
  func tables() throws {
    let tables = [
      IntentConfusion.markdownByLanguage([
        ("tuning", LabelledPrompt.tuning), ("held out", LabelledPrompt.heldOut),
        ("written later", LabelledPrompt.later),
      ]),
      IntentConfusion(LabelledPrompt.tuning).markdown,
      IntentConfusion(LabelledPrompt.heldOut).markdown,
      IntentConfusion(LabelledPrompt.later).markdown,
    ]
    print(tables.joined(separator: "\n\n"))
    let package = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
    let document = try String(contentsOfFile: package + "/docs/routing.md", encoding: .utf8)
    for table in tables {
      #expect(document.contains(table), "docs/routing.md needs this table:\n\(table)")
    }
  }
}
