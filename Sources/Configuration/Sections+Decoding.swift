import GatewayTypes

extension ServerConfiguration {
  init(reading section: inout SectionReader) {
    self.init()
    if let written = section.text("host") {
      if HostName.isWellFormed(written.text) {
        host = written.text
      } else {
        section.report(
          "server.host must be an IP address or host name, found \(written.quoted)", at: written.mark)
      }
    }
    port = section.integer("port", in: 0...65_535) ?? port
    workers = ServerConfiguration.workers(&section)
    maxBodyBytes = section.integer("max_body_bytes", in: 1024...1_073_741_824) ?? maxBodyBytes
    corsOrigins = ServerConfiguration.origins(&section) ?? corsOrigins
    drainTimeout = section.duration("drain_timeout", in: .zero ... .seconds(86_400)) ?? drainTimeout
    allowOpen = section.flag("allow_open") ?? allowOpen
  }

  private static func workers(_ section: inout SectionReader) -> Int? {
    guard let written = section.scalar("workers"), written.text != "auto" else { return nil }
    if let count = Int(written.text), (1...256).contains(count) { return count }
    section.report(
      "server.workers must be auto or a whole number from 1 to 256, found \(written.quoted)", at: written.mark
    )
    return nil
  }

  private static func origins(_ section: inout SectionReader) -> [String]? {
    guard let node = section.node("cors_origins"), case .sequence(let elements) = node.content else {
      // Asked again for the message that it must be a list.
      return section.texts("cors_origins")?.map(\.text)
    }
    return elements.compactMap { element in
      // A bare null in the list is what a browser calls the origin of a local file.
      if element.isNull { return "null" }
      guard let origin = section.context.scalar(element, label: "server.cors_origins") else { return nil }
      if isOrigin(origin.text) { return origin.text }
      section.report(
        "server.cors_origins takes 'null', '*' and origins such as https://example.com:8443 without a path, "
          + "found \(origin.quoted)", at: origin.mark)
      return nil
    }
  }

  private static func isOrigin(_ text: String) -> Bool {
    if text == "*" || text == "null" { return true }
    guard text.split(separator: "/", omittingEmptySubsequences: false).count == 3 else { return false }
    return (try? ProviderAddress(text, allowsQuery: false)) != nil
  }
}

extension BreakerConfiguration {
  init(reading section: inout SectionReader) {
    self.init()
    failureThreshold = section.integer("failure_threshold", in: 1...1_000_000) ?? failureThreshold
    cooldown = section.duration("cooldown") ?? cooldown
    halfOpenTrials = section.integer("half_open_trials", in: 1...1000) ?? halfOpenTrials
    let longest = section.duration("max_cooldown")
    // A longer first wait raises the longest, unless both are written and disagree.
    maxCooldown = longest ?? max(maxCooldown, cooldown)
    if maxCooldown < cooldown {
      section.report(
        "breaker.max_cooldown must not be less than breaker.cooldown, \(DurationText.text(cooldown))",
        at: section.place(of: "max_cooldown"))
    }
  }
}

extension CooldownConfiguration {
  init(reading section: inout SectionReader) {
    let tokens = section.integer("tokens", in: 1...CooldownConfiguration.tokensLimit)
    if section.entry("tokens") == nil {
      section.report(
        "cooldown has no tokens; add 'tokens: 5000', or remove cooldown to turn it off", at: section.mark)
    }
    self.init(tokens: tokens ?? 1)
    window = section.duration("window") ?? window
    duration = section.duration("duration") ?? duration
  }

  static let tokensLimit = 1_000_000_000_000
}

extension BudgetConfiguration {
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

extension LedgerConfiguration {
  init(reading section: inout SectionReader) {
    self.init()
    path = section.text("path")?.text ?? path
    fsync = section.choice("fsync", of: FsyncMode.self) ?? fsync
    rotateBytes = section.integer("rotate_bytes", in: 1...1_000_000_000_000_000) ?? rotateBytes
    onError = section.choice("on_error", of: LedgerErrorPolicy.self) ?? onError
    content = section.flag("content") ?? content
    if path.hasSuffix("/") {
      section.report("ledger.path must name a file, not a folder", at: section.place(of: "path"))
    }
  }
}

extension PromptConfiguration {
  init(reading section: inout SectionReader) {
    self.init()
    maxTokens = section.integer("max_tokens", in: 1...1_000_000_000)
  }
}
