import GatewayTypes

extension GatewayConfiguration {
  /// The configuration as resolved, as plain aligned text that ends in a line break. No key is in it.
  package func summaryTable() -> String {
    let settings = [
      ["server", serverLine], ["routing", routingLine], ["breaker", breakerLine], ["cooldown", cooldownLine],
      ["budgets", budgetsLine], ["ledger", ledgerLine],
      ["prompt", prompt.maxTokens.map { "trimmed to \($0) tokens" } ?? "not trimmed"], ["keys", keysLine],
    ]
    let aliasLines = aliases.sorted { $0.key < $1.key }.map { name, ids in
      ["alias", "\(name) = \(ids.map(\.text).joined(separator: ", "))"]
    }
    let heading = ["PROVIDER", "KIND", "MODEL", "IN $/M", "OUT $/M", "PRIORITY", "KEY", "STATE"]
    return GatewayConfiguration.aligned([heading] + providers.map(\.summaryCells), rightAligned: [3, 4, 5])
      + "\n"
      + GatewayConfiguration.aligned(settings + aliasLines, rightAligned: [])
  }

  private var serverLine: String {
    let host = server.host.contains(":") && !server.host.hasPrefix("[") ? "[\(server.host)]" : server.host
    let workers = server.workers.map(String.init) ?? "auto"
    return "http://\(host):\(server.port), workers \(workers), bodies up to \(server.maxBodyBytes) bytes, "
      + "drain \(DurationText.text(server.drainTimeout))"
  }

  private var routingLine: String {
    "\(routing.strategy.rawValue) first, timeout \(DurationText.text(routing.timeout)), "
      + "penalty above \(routing.penaltyThreshold) failed in \(DurationText.text(routing.penaltyWindow)) "
      + "of at least \(routing.penaltyMinimumRequests ?? breaker.failureThreshold) answers"
      + (routing.sticky.map { ", users kept for \(DurationText.text($0))" } ?? "")
      + (routing.hedge.map { ", hedged after \($0.after.text)" } ?? "")
  }

  private var breakerLine: String {
    "opens after \(breaker.failureThreshold) failures for \(DurationText.text(breaker.cooldown)), "
      + "at most \(DurationText.text(breaker.maxCooldown)), \(breaker.halfOpenTrials) trial at a time"
  }

  private var cooldownLine: String {
    guard let cooldown else { return "off" }
    return "\(DurationText.text(cooldown.duration)) after more than \(cooldown.tokens) tokens "
      + "in \(DurationText.text(cooldown.window))"
  }

  private var budgetsLine: String {
    var parts: [String] = []
    if let perUser = budgets.perUser { parts.append("each user $\(perUser)") }
    if !budgets.users.isEmpty { parts.append("\(budgets.users.count) users by name") }
    if !budgets.tags.isEmpty { parts.append("\(budgets.tags.count) tags") }
    if let global = budgets.global { parts.append("all together $\(global)") }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ") + ", window \(budgets.window.rawValue)"
  }

  private var ledgerLine: String {
    "\(ledger.path), fsync \(ledger.fsync.rawValue), rotated at \(ledger.rotateBytes) bytes, "
      + "on error \(ledger.onError.rawValue), texts \(ledger.content ? "written" : "not written")"
  }

  private var keysLine: String {
    if keys.isEmpty { return server.allowOpen ? "none: open to anyone" : "none: open to this machine" }
    return keys.map { $0.isAdmin ? "\($0.name) (admin)" : $0.name }.joined(separator: ", ")
  }

  /// One line a row, columns two spaces apart.
  private static func aligned(_ rows: [[String]], rightAligned: Set<Int>) -> String {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.count)
      }
    }
    var text = ""
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += rightAligned.contains(column) ? "\(space)\(cell)  " : "\(cell)\(space)  "
      }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    return text
  }
}

extension ProviderConfiguration {
  fileprivate var summaryCells: [String] {
    let keyState =
      !needsKey
      ? "none needed" : apiKeys.isEmpty ? "not set" : apiKeys.count == 1 ? "set" : "\(apiKeys.count) set"
    return [
      id.text, kind.rawValue, model, prices.input.times(.millionTokens), prices.output.times(.millionTokens),
      String(priority), keyState, disabledReason.map { "disabled: \($0)" } ?? "enabled",
    ]
  }
}
