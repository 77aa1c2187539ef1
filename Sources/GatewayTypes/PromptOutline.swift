/// A prompt as sizes: its turns in order, and which of them belong together. Tokens are estimates.
package struct PromptOutline: Hashable, Sendable {
  /// A text of a turn that can be shortened.
  package struct Text: Hashable, Sendable {
    package var tokens: Int
    /// Whether it is the last that the user asked, so that its end must stay.
    package var endsQuestion: Bool

    package init(tokens: Int, endsQuestion: Bool = false) {
      self.tokens = tokens
      self.endsQuestion = endsQuestion
    }
  }

  package struct Turn: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
      /// What the model is told before all else; it always stays.
      case system
      /// The user speaks: an exchange begins.
      case question
      /// What follows in the exchange: answers, calls of tools and their results.
      case reply
    }

    package var kind: Kind
    /// Whether it stays or goes with the turn before it, as a tool's result does with its call.
    package var followsPrevious: Bool
    /// All of it, `texts` included.
    package var tokens: Int
    package var texts: [Text]

    package init(_ kind: Kind, followsPrevious: Bool = false, tokens: Int, texts: [Text] = []) {
      self.kind = kind
      self.followsPrevious = followsPrevious
      self.tokens = tokens
      self.texts = texts
    }
  }

  package var turns: [Turn]
  /// What is no turn: system text beside the conversation, tools, schemas.
  package var fixedTokens: Int

  package init(turns: [Turn], fixedTokens: Int) {
    self.turns = turns
    self.fixedTokens = fixedTokens
  }

  package var tokens: Int { turns.reduce(fixedTokens) { $0 + $1.tokens } }
}

/// What is to be left out of a prompt.
package struct PromptCut: Hashable, Sendable {
  /// A text that loses its middle.
  package struct Text: Hashable, Sendable {
    /// Its turn's place in the outline, and its own in the turn.
    package var turn: Int
    package var text: Int
    /// How many tokens may stay.
    package var tokens: Int
    /// How many tokens of its end must stay.
    package var endTokens: Int

    package init(turn: Int, text: Int, tokens: Int, endTokens: Int) {
      self.turn = turn
      self.text = text
      self.tokens = tokens
      self.endTokens = endTokens
    }
  }

  /// The turns that go, by their place in the outline, ascending.
  package var droppedTurns: [Int]
  package var shortenedTexts: [Text]

  package init(droppedTurns: [Int] = [], shortenedTexts: [Text] = []) {
    self.droppedTurns = droppedTurns
    self.shortenedTexts = shortenedTexts
  }

  /// Whether nothing goes, because all that is there must stay.
  package var isEmpty: Bool { droppedTurns.isEmpty && shortenedTexts.isEmpty }
}
