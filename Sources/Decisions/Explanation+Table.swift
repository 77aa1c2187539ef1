import GatewayTypes
import Health
import Routing

extension Explanation {
  /// What it comes to, in a line.
  package var summary: String {
    "intent \(intent.rawValue), strategy \(strategy.rawValue), chosen: \(chosen?.text ?? "nobody")"
  }

  /// A table for people: a line for each candidate, and below it why, and what would have chosen it.
  package func table() -> String {
    var lines = [["", "provider", "model", "expected cost", "expected latency", "circuit"]]
    for row in rows {
      lines.append([
        row.rank.map(String.init) ?? "-", row.candidate.id.text, row.candidate.model,
        "\(row.expectedCost) USD", row.expectedNanoseconds.map { "\($0 / 1_000_000) ms" } ?? "unknown",
        row.circuit?.rawValue ?? "-",
      ])
    }
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      var text = padded.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }
    var text = line(lines[0])
    let indent = String(repeating: " ", count: widths[0] + 2)
    for (row, cells) in zip(rows, lines.dropFirst()) {
      text += line(cells)
      for reason in row.reasons { text += "\(indent)  \(reason)\n" }
      if let change = row.changeText { text += "\(indent)  would have been chosen with: \(change)\n" }
    }
    return text
  }
}

extension Decision {
  /// The decision for people to read.
  package func text() -> String {
    let explanation = Explanation(self)
    let asked: String = if case .named(let name) = model { name } else { "auto" }
    var text = "decided at \(plannedAt.textSince1970): model \(asked), strategy \(request.strategy.rawValue)"
    text += isStrategyAsked ? " (asked for)" : " (of the configuration)"
    text += ", intent \(request.intent.rawValue)\n"
    text += "expected: \(request.inputTokens) tokens in (at most \(request.inputTokenBound)), "
    text += "\(usualOutputTokens) out; needs \(request.needs.names.joined(separator: ", "))\n"
    if let maxCost = request.maxCost { text += "max_cost_per_request: \(maxCost) USD\n" }
    if let left = request.budgetLeft { text += "budget left: \(left) USD\n" }
    text += "chosen: \(explanation.chosen?.text ?? "nobody")\n\n" + explanation.table()
    if omittedCount > 0 { text += "and \(omittedCount) more candidates\n" }
    text += "\nattempts: "
    text +=
      attempts.isEmpty
      ? "none"
      : attempts.map { "\($0.provider) \($0.outcome) after \($0.latencyMilliseconds) ms" }
        .joined(separator: ", ")
    text += "\n"
    if let nearest = explanation.nearest, let change = nearest.changeText {
      text += "the smallest change: \(nearest.candidate.id) would have been chosen with \(change)\n"
    }
    return text
  }
}
