package import GatewayTypes

/// Decides what a prompt that is too long loses: the oldest turns first, then the middle of over-long texts.
///
/// Turns go by whole exchanges, a question with all that was answered to it, so that what stays begins with
/// a question and no tool's result is without its call. Of the last exchange the question stays and what
/// came last; between them the rounds of calls and results go, the oldest first. System turns stay.
package enum PromptTrimmer {
  /// The end of the last question is where people say what they want: so much of it stays as far as half of
  /// the limit allows. A page of text has some 500 tokens.
  private static let questionEndTokens = 256
  /// No text is cut to less: an empty one is refused by some vendors, and a few words tell at least what it was.
  private static let leastTextTokens = 16

  /// What goes of a prompt so that it has at most `limit` tokens, or as few as it can have; nil when it is
  /// short enough.
  package static func cut(_ outline: PromptOutline, toTokens limit: Int) -> PromptCut? {
    var total = outline.tokens
    guard total > limit else { return nil }
    var cut = PromptCut()
    var isDropped = [Bool](repeating: false, count: outline.turns.count)
    for unit in droppableUnits(of: outline) where total > limit {
      for turn in unit {
        isDropped[turn] = true
        total -= outline.turns[turn].tokens
      }
    }
    cut.droppedTurns = isDropped.indices.filter { isDropped[$0] }
    if total > limit {
      let texts = shortenableTexts(of: outline, limit: limit) { isDropped[$0] }
      cut.shortenedTexts = shortened(texts, by: total - limit)
    }
    return cut
  }

  /// Turns that go together, the first to go first.
  private static func droppableUnits(of outline: PromptOutline) -> [[Int]] {
    let exchanges = exchanges(of: outline)
    guard let last = exchanges.last else { return [] }
    // The first group is the question, the last one is what the model is to go on from.
    let rounds = last.dropFirst().dropLast()
    // A conversation that nobody began with a question: its first answer is a round like the others.
    let opening =
      last.count > 1 && outline.turns[last[0][0]].kind == .reply ? [last[0]] : []
    let units = exchanges.dropLast().map { $0.flatMap { $0 } } + opening + rounds
    return units.filter { unit in
      !unit.contains { turn in outline.turns[turn].texts.contains { $0.endsQuestion } }
    }
  }

  /// The turns of each exchange, in the groups that stay or go together.
  private static func exchanges(of outline: PromptOutline) -> [[[Int]]] {
    var exchanges: [[[Int]]] = []
    for (index, turn) in outline.turns.enumerated() where turn.kind != .system {
      if exchanges.isEmpty || turn.kind == .question && !turn.followsPrevious {
        exchanges.append([[index]])
      } else if turn.followsPrevious {
        exchanges[exchanges.count - 1][exchanges[exchanges.count - 1].count - 1].append(index)
      } else {
        exchanges[exchanges.count - 1].append([index])
      }
    }
    return exchanges
  }

  private struct ShortenableText {
    var turn: Int
    var text: Int
    var tokens: Int
    var leastTokens: Int
    var endTokens: Int
  }

  private static func shortenableTexts(
    of outline: PromptOutline, limit: Int, isDropped: (Int) -> Bool
  ) -> [ShortenableText] {
    let questionEnd = max(1, min(questionEndTokens, limit / 2))
    var texts: [ShortenableText] = []
    for (index, turn) in outline.turns.enumerated() where turn.kind != .system && !isDropped(index) {
      for (place, text) in turn.texts.enumerated() {
        let endTokens = text.endsQuestion ? questionEnd : 0
        texts.append(
          ShortenableText(
            turn: index, text: place, tokens: text.tokens, leastTokens: endTokens + leastTextTokens,
            endTokens: endTokens))
      }
    }
    return texts
  }

  /// Shortens the longest texts to one length, the greatest that saves `excess` tokens.
  private static func shortened(_ texts: [ShortenableText], by excess: Int) -> [PromptCut.Text] {
    func remaining(_ text: ShortenableText, at length: Int) -> Int {
      min(text.tokens, max(length, text.leastTokens))
    }
    func saves(_ length: Int) -> Bool {
      texts.reduce(0) { $0 + $1.tokens - remaining($1, at: length) } >= excess
    }
    // The lower bound always saves enough, or all that can be saved.
    var length = 0
    var tooLong = (texts.map(\.tokens).max() ?? 0) + 1
    while length + 1 < tooLong {
      let middle = length + (tooLong - length) / 2
      if saves(middle) { length = middle } else { tooLong = middle }
    }
    return texts.compactMap { text in
      let tokens = remaining(text, at: length)
      guard tokens < text.tokens else { return nil }
      return PromptCut.Text(turn: text.turn, text: text.text, tokens: tokens, endTokens: text.endTokens)
    }
  }
}
