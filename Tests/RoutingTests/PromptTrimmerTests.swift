import GatewayTypes
import Testing

@testable import Routing

@Suite("Prompt trimmer")
struct PromptTrimmerTests {
  private typealias Turn = PromptOutline.Turn
  private typealias Text = PromptOutline.Text

  /// A turn of one text that can be shortened.
  private static func turn(
    _ kind: Turn.Kind, _ tokens: Int, bound: Bool = false, asks: Bool = false
  ) -> Turn {
    Turn(
      kind, followsPrevious: bound, tokens: tokens, texts: [Text(tokens: tokens, endsQuestion: asks)])
  }

  private static func cut(_ turns: [Turn], fixed: Int = 0, to limit: Int) -> PromptCut? {
    PromptTrimmer.cut(PromptOutline(turns: turns, fixedTokens: fixed), toTokens: limit)
  }

  @Test("a prompt within the limit is left alone")
  func short() {
    #expect(Self.cut([Self.turn(.question, 100, asks: true)], to: 100) == nil)
    #expect(Self.cut([], fixed: 7, to: 7) == nil)
  }

  private static let conversation = [
    turn(.system, 50), turn(.question, 100), turn(.reply, 100), turn(.question, 100), turn(.reply, 100),
    turn(.question, 100, asks: true),
  ]

  @Test(
    "the oldest exchanges go first, as many as must, and the system text stays",
    arguments: [(549, [1, 2]), (350, [1, 2]), (349, [1, 2, 3, 4]), (150, [1, 2, 3, 4])])
  func exchanges(limit: Int, dropped: [Int]) {
    #expect(Self.cut(Self.conversation, to: limit) == PromptCut(droppedTurns: dropped))
  }

  @Test("what has no room beside the system text and the last question loses its middle")
  func middle() {
    let cut = Self.cut(Self.conversation, to: 120)
    #expect(cut?.droppedTurns == [1, 2, 3, 4])
    #expect(cut?.shortenedTexts == [PromptCut.Text(turn: 5, text: 0, tokens: 76, endTokens: 60)])
  }

  @Test("a call of a tool goes with its result, or not at all")
  func tools() {
    let turns = [
      Self.turn(.question, 40, asks: true), Self.turn(.reply, 10), Self.turn(.reply, 100, bound: true),
      Self.turn(.reply, 10), Self.turn(.reply, 100, bound: true), Self.turn(.reply, 10),
      Self.turn(.reply, 100, bound: true),
    ]
    #expect(Self.cut(turns, to: 360)?.droppedTurns == [1, 2])
    #expect(Self.cut(turns, to: 259)?.droppedTurns == [1, 2, 3, 4])
    // The round that the model is to go on from stays, and is shortened.
    let cut = Self.cut(turns, to: 100)
    #expect(cut?.droppedTurns == [1, 2, 3, 4])
    #expect(cut?.shortenedTexts.map(\.turn) == [6])
  }

  @Test("the longest texts are shortened to one length, short ones are not")
  func evenly() {
    let turns = [
      Turn(
        .question, tokens: 1_600,
        texts: [
          Text(tokens: 1_000), Text(tokens: 500), Text(tokens: 50), Text(tokens: 50, endsQuestion: true),
        ])
    ]
    let cut = Self.cut(turns, to: 700)
    #expect(cut?.shortenedTexts.map(\.text) == [0, 1])
    #expect(cut?.shortenedTexts.map(\.tokens) == [300, 300])
  }

  @Test("when nothing may go the cut is empty")
  func nothing() {
    let cut = Self.cut([Self.turn(.system, 1_000), Self.turn(.question, 10, asks: true)], to: 20)
    #expect(cut?.isEmpty == true)
  }

  // MARK: Properties

  private static func randomOutline(_ random: inout SeededGenerator) -> PromptOutline {
    let turns = (0..<Int.random(in: 1...14, using: &random)).map { index -> Turn in
      let texts = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        Text(tokens: Int.random(in: 0...900, using: &random))
      }
      let kind: Turn.Kind =
        switch Int.random(in: 0...9, using: &random) {
        case 0: .system
        case 1...4: .question
        default: .reply
        }
      return Turn(
        kind, followsPrevious: kind == .reply && Bool.random(using: &random),
        tokens: texts.reduce(Int.random(in: 0...30, using: &random)) { $0 + $1.tokens }, texts: texts)
    }
    var outline = PromptOutline(turns: turns, fixedTokens: Int.random(in: 0...200, using: &random))
    if let last = turns.lastIndex(where: { $0.kind == .question && !$0.texts.isEmpty }) {
      outline.turns[last].texts[turns[last].texts.count - 1].endsQuestion = true
    }
    return outline
  }

  /// What `outline` is once `cut` has been done; dropped turns leave no trace.
  private static func result(of cut: PromptCut, on outline: PromptOutline) -> PromptOutline {
    var result = outline
    for text in cut.shortenedTexts {
      let before = result.turns[text.turn].texts[text.text].tokens
      result.turns[text.turn].texts[text.text].tokens = text.tokens
      result.turns[text.turn].tokens -= before - text.tokens
    }
    result.turns = result.turns.indices.filter { !cut.droppedTurns.contains($0) }.map { result.turns[$0] }
    return result
  }

  @Test("any prompt is brought within any limit unless what must stay is longer", arguments: 0..<400)
  func properties(seed: Int) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let outline = Self.randomOutline(&random)
      let limit = Int.random(in: 1...3_000, using: &random)
      guard let cut = PromptTrimmer.cut(outline, toTokens: limit) else {
        #expect(outline.tokens <= limit)
        continue
      }
      let trimmed = Self.result(of: cut, on: outline)
      let dropped = Set(cut.droppedTurns)
      // System turns, the last turn and the last question stay.
      for (index, turn) in outline.turns.enumerated() {
        if turn.kind == .system || turn.texts.contains(where: \.endsQuestion) {
          #expect(!dropped.contains(index))
        }
      }
      if let last = outline.turns.lastIndex(where: { $0.kind != .system }) {
        #expect(!dropped.contains(last))
      }
      // What belongs together is together.
      let spoken = outline.turns.indices.filter { outline.turns[$0].kind != .system }
      for (before, after) in zip(spoken, spoken.dropFirst()) where outline.turns[after].followsPrevious {
        #expect(dropped.contains(before) == dropped.contains(after))
      }
      for text in cut.shortenedTexts {
        #expect(!dropped.contains(text.turn) && outline.turns[text.turn].kind != .system)
        #expect(text.tokens < outline.turns[text.turn].texts[text.text].tokens)
        #expect(text.endTokens <= text.tokens)
      }
      // A second time nothing goes.
      #expect(PromptTrimmer.cut(trimmed, toTokens: limit)?.isEmpty ?? true)
      guard trimmed.tokens > limit else { continue }
      #expect(
        trimmed.turns.allSatisfy { turn in
          turn.kind == .system
            || turn.texts.allSatisfy { $0.tokens <= 16 + ($0.endsQuestion ? limit / 2 + 1 : 0) }
        })
    }
  }
}
