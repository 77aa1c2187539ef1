import GatewayTypes

extension BudgetConfiguration {
  /// Reads the section; what is wrong is reported and keeps its default.
  init(reading section: inout SectionReader) {
    self.init()
    perUser = section.amount("per_user_usd")
    window = section.choice("window", of: BudgetWindow.self) ?? window
    users = BudgetConfiguration.amounts("users", &section) { _ in nil } ?? users
    tags = BudgetConfiguration.amounts("tags", &section, problem: BudgetConfiguration.tagProblem) ?? tags
    global = section.amount("global_usd")
  }

  private static func amounts(
    _ key: String, _ section: inout SectionReader, problem: (String) -> String?
  ) -> [String: Money]? {
    section.section(key) { section in
      var amounts: [String: Money] = [:]
      for entry in section.allEntries() {
        let shown = entry.key.quotedForMessage
        if entry.key.isEmpty || entry.key.utf8.count > 256 {
          section.report("a name in budgets.\(key) must have 1 to 256 bytes", at: entry.keyMark)
        } else if let problem = problem(entry.key) {
          section.report("\(shown) \(problem)", at: entry.keyMark)
        }
        amounts[entry.key] = section.amount(entry.value, label: "the budget of \(shown)")
      }
      return amounts
    }
  }

  private static func tagProblem(_ tag: String) -> String? {
    let parts = tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
      return "must be a tag's name and value, such as team=red"
    }
    return nil
  }
}
