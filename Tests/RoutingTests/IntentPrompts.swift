@testable import Routing

/// A prompt as people write them, with what a person says it is about.
struct LabelledPrompt: Sendable {
  /// The languages that the prompts are in, in the order of the tables.
  enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case german = "de"
    case french = "fr"
    case spanish = "es"
    case chinese = "zh"
  }

  let language: Language
  let intent: Intent
  let text: String

  /// Reads lines of `language | intent | prompt`, where `\n` in a prompt stands for a line break; lines that
  /// begin with `//` are passed over.
  static func parse(_ table: String) -> [LabelledPrompt] {
    table.split(separator: "\n").filter { !$0.hasPrefix("//") }.map { line in
      let fields = line.split(separator: "|", maxSplits: 2).map(trimmed)
      guard fields.count == 3, let language = Language(rawValue: fields[0]),
        let intent = Intent(name: fields[1])
      else { fatalError("not 'language | intent | prompt': \(line)") }
      let lines = fields[2].split(separator: #"\n"#, omittingEmptySubsequences: false)
      return LabelledPrompt(language: language, intent: intent, text: lines.joined(separator: "\n"))
    }
  }

  private static func trimmed(_ field: Substring) -> String {
    var field = field
    while field.first == " " { field.removeFirst() }
    while field.last == " " { field.removeLast() }
    return String(field)
  }
}
