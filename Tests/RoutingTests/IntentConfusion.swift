@testable import Routing

/// How often prompts of one intent were taken for another.
struct IntentConfusion {
  /// By the intent that is meant, then by the one that was found.
  private var counts: [Intent: [Intent: Int]] = [:]

  /// Detects the intent of each of `prompts`.
  init(_ prompts: some Sequence<LabelledPrompt>) {
    for prompt in prompts {
      counts[prompt.intent, default: [:]][Intent.detect(in: prompt.text), default: 0] += 1
    }
  }

  var total: Int { counts.values.joined().map(\.value).reduce(0, +) }
  var right: Int { Intent.allCases.map { count(of: $0, foundAs: $0) }.reduce(0, +) }
  /// In percent, rounded down: 90 is 90 or a little more.
  var accuracyPercent: Int { right * 100 / max(total, 1) }

  private func count(of intent: Intent, foundAs found: Intent) -> Int { counts[intent]?[found] ?? 0 }

  /// The table in Markdown: a line an intent that is meant, a column an intent that was found.
  var markdown: String {
    let names = Intent.allCases.map(\.rawValue)
    let head = ["meant \\ found"] + names + ["right"]
    let lines = Intent.allCases.map { intent in
      let row = Intent.allCases.map { found in
        let count = count(of: intent, foundAs: found)
        return count == 0 ? "·" : "\(count)"
      }
      let meant = Intent.allCases.map { count(of: intent, foundAs: $0) }.reduce(0, +)
      return [intent.rawValue] + row + ["\(count(of: intent, foundAs: intent)) of \(meant)"]
    }
    return Self.markdown(head: head, lines: lines)
  }

  /// How many of each language's prompts are taken for what they are, in Markdown, halves side by side.
  static func markdownByLanguage(_ halves: [(name: String, prompts: [LabelledPrompt])]) -> String {
    let lines = LabelledPrompt.Language.allCases.map { language in
      ["\(language)"] + halves.map { cell(IntentConfusion($0.prompts.filter { $0.language == language })) }
    }
    let sum = ["all"] + halves.map { cell(IntentConfusion($0.prompts)) }
    return markdown(head: ["language"] + halves.map(\.name), lines: lines + [sum])
  }

  private static func cell(_ confusion: IntentConfusion) -> String {
    "\(confusion.accuracyPercent) % (\(confusion.right) of \(confusion.total))"
  }

  private static func markdown(head: [String], lines: [[String]]) -> String {
    let rule = ["---"] + head.dropFirst().map { _ in "---:" }
    return ([head, rule] + lines).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }
}
