package import GatewayTypes
import JSON

/// A request's prompt taken apart, so that turns of it can be left out and texts shortened.
///
/// What stays are the caller's bytes. Where the middle of a text goes, a mark says so to the model.
package struct TrimmablePrompt {
  /// What the decision is made on: each turn here is one of `turns`.
  package private(set) var outline: PromptOutline
  private let request: ChatRequest
  private var document: JSONDocument { request.document }
  private var turns: [Turn] = []

  private struct Turn {
    /// The element of the array of messages; the text itself where the prompt is one text.
    var node: JSONNode
    /// Strings that can be shortened.
    var texts: [JSONNode]
  }

  /// Nil for what is no conversation and no single text: several texts, token numbers, texts to embed.
  package init?(_ request: ChatRequest) {
    self.request = request
    outline = PromptOutline(turns: [], fixedTokens: 0)
    switch request.input {
    case .prompt(let text): addText(text)
    case .batch(let texts):
      guard request.surface == .openAICompletions, document.count(of: texts) == 1 else { return nil }
      for text in document.elements(of: texts) { addText(text) }
    case .messages(let messages), .items(let messages): addTurns(messages)
    }
    guard request.surface != .openAIEmbeddings, !turns.isEmpty else { return nil }
    outline.fixedTokens = max(0, TokenEstimate.tokens(in: request.inputSize) - outline.tokens)
  }

  private mutating func addText(_ node: JSONNode) {
    guard document.kind(of: node) == .string else { return }
    let tokens = TokenEstimate.tokens(in: InputSize(of: .prompt(node), system: nil, in: document))
    turns.append(Turn(node: node, texts: [node]))
    outline.turns.append(
      PromptOutline.Turn(.question, tokens: tokens, texts: [text(node, endsQuestion: true)]))
  }

  private mutating func addTurns(_ messages: JSONNode) {
    let parts = document.elements(of: messages).map { TurnReader(message: $0, in: document) }
    let lastQuestion = parts.lastIndex { !$0.userTexts.isEmpty || $0.role == .user }
    var openCalls: Set<String> = []
    var isAfterReply = false
    for (index, part) in parts.enumerated() {
      var size = InputSize()
      size.addMessage(part.message, in: document)
      let end = index == lastQuestion ? part.userTexts.last : nil
      let follows: Bool
      switch part.role {
      case .system: follows = false
      case .user: follows = !openCalls.isEmpty
      // Thoughts, calls and words of one answer stay together, and calls wait for their results.
      case .assistant: follows = isAfterReply || !openCalls.isEmpty
      case .result: follows = true
      }
      if part.role != .system { isAfterReply = part.role == .assistant }
      openCalls.formUnion(part.calls)
      openCalls.subtract(part.results)
      turns.append(Turn(node: part.message, texts: part.texts))
      outline.turns.append(
        PromptOutline.Turn(
          part.role == .system ? .system : part.role == .user ? .question : .reply,
          followsPrevious: follows, tokens: TokenEstimate.tokens(in: size),
          texts: part.texts.map { text($0, endsQuestion: $0 == end) }))
    }
  }

  private func text(_ node: JSONNode, endsQuestion: Bool) -> PromptOutline.Text {
    PromptOutline.Text(
      tokens: TokenEstimate.tokens(in: document.characterCounts(of: node)), endsQuestion: endsQuestion)
  }

  // MARK: Leaving out

  /// The request without what `cut` says, read anew, so that all that is told of it is of what is left.
  package func request(without cut: PromptCut) throws(RequestError) -> ChatRequest {
    var trimmed = try ChatRequest(RequestBody.object(from: bytes(without: cut)), surface: request.surface)
    // Those that came beside the body are not in it.
    trimmed.tags = request.tags
    return trimmed
  }

  /// The request's body without what `cut` says.
  func bytes(without cut: PromptCut) -> [UInt8] {
    var edits: [(range: Range<Int>, bytes: [UInt8])] = []
    for turn in cut.droppedTurns {
      precondition(turn + 1 < turns.count, "the last turn stays, so one follows whatever goes")
      // With the comma behind it.
      let start = document.range(of: turns[turn].node).lowerBound
      edits.append((start..<document.range(of: turns[turn + 1].node).lowerBound, []))
    }
    for text in cut.shortenedTexts {
      guard let range = middle(of: turns[text.turn].texts[text.text], text) else { continue }
      edits.append((range, Array(TrimmablePrompt.mark.utf8)))
    }
    return document.splicing(edits.sorted { $0.range.lowerBound < $1.range.lowerBound })
  }

  /// What stands where text went, as JSON writes it in a string.
  static let mark = "\\n[...]\\n"
  /// More than what the mark is estimated at, and the rounding of three stretches.
  private static let markTokens = 8
  /// So many bytes are looked through for a space to cut at; a word is rarely longer.
  private static let wordBytes = 48
  /// More than the tokens of `wordBytes`.
  private static let wordTokens = 32

  /// The bytes in the middle of a text that go; nil when there is nothing between its ends.
  private func middle(of node: JSONNode, _ cut: PromptCut.Text) -> Range<Int>? {
    let content = document.stringContentRange(of: node)
    let room = max(0, cut.tokens - TrimmablePrompt.markTokens)
    let tailRoom = min(room, max(cut.endTokens + 2, room / 2))
    var start = document.endOfPrefix(of: node) { TokenEstimate.tokens(in: $0) <= room - tailRoom }
    var end = document.startOfSuffix(of: node, from: start) { TokenEstimate.tokens(in: $0) <= tailRoom }
    let space = UInt8(ascii: " ")
    if let word = document.bytes[content.lowerBound..<start].suffix(TrimmablePrompt.wordBytes).lastIndex(
      of: space)
    {
      start = word
    }
    // The end that must stay is not shortened to a whole word.
    if tailRoom > cut.endTokens + TrimmablePrompt.wordTokens,
      let word = document.bytes[end..<content.upperBound].prefix(TrimmablePrompt.wordBytes).firstIndex(
        of: space)
    {
      end = word + 1
    }
    return start < end ? start..<end : nil
  }
}
