package import GatewayTypes
package import JSON

/// Reads a provider's event stream: what it says, what it used, and whether it came to its proper end.
///
/// Bytes go in as they arrive, events come out. Where the caller speaks the provider's own form the events
/// are the provider's bytes, looked at but not changed.
package struct StreamReader: Sendable {
  package let format: UpstreamFormat
  let passesThrough: Bool
  private let choiceCount: Int
  /// The tokens of all answers together that were set aside; nil is no limit.
  let outputLimit: Int?
  private var parser = EventStreamParser()
  private var state = State.reading

  /// Whether something of an answer has come: text, thoughts, a tool call, or the end of an answer that is
  /// rightly empty. A role, a ping or a comment is nothing yet, and until something has come another
  /// provider may be asked.
  package private(set) var hasToken = false
  /// The characters of all that was written: text, thoughts and the arguments of tool calls.
  package private(set) var characters = JSONCharacterCounts()
  /// Why the first answer stopped, in OpenAI's words.
  package private(set) var finishReason: String?
  /// The model as the provider names it.
  package internal(set) var model: String?
  /// What the provider says it has counted: the last word of it.
  package internal(set) var statedUsage: TokenUsage?

  /// Pieces of text, thoughts and tool calls that have come.
  private(set) var pieceCount = 0
  /// Whether the stream was ended here, at `outputLimit`.
  package internal(set) var wasCut = false

  /// Bit `n` stands for the answer with the index `n`.
  private var begunChoices: UInt128 = 0
  private var finishedChoices: UInt128 = 0
  private var lastToolCall: Int?
  var anthropic = AnthropicStreamState()
  var gemini = GeminiStreamState()
  var responses = ResponsesStreamState()

  private enum State { case reading, ended, failed }

  /// `choiceCount` is how many answers were asked for: the stream is whole when all of them are. One that
  /// goes past `outputLimit` tokens is ended as if it were.
  package init(
    format: UpstreamFormat, passesThrough: Bool, choiceCount: Int = 1, outputLimit: Int? = nil
  ) {
    self.format = format
    self.passesThrough = passesThrough
    self.choiceCount = choiceCount
    self.outputLimit = outputLimit
  }

  /// Whether the proper end was seen.
  package var isComplete: Bool { state == .ended }

  /// Reads the next bytes and appends what they say. After an end or a failure there is nothing more.
  package mutating func read(_ bytes: Span<UInt8>, into events: inout [StreamEvent]) {
    guard state == .reading else { return }
    parser.append(bytes)
    do {
      while state == .reading, let event = try parser.next() {
        try read(event, into: &events)
        guard let outputLimit, state == .reading, !isFinished, exceeds(outputLimit) else { continue }
        try cut(into: &events)
        end(raw: [], into: &events)
      }
    } catch let failure as ProviderFailure {
      fail(failure, into: &events)
    } catch {
      fail(.malformed("the stream has an event larger than the limit"), into: &events)
    }
  }

  /// Says that no more bytes come. An answer that was not finished before is none: it has broken off. What
  /// is cut off behind a finished answer, its usage or its last line, takes nothing from it.
  package mutating func finish(into events: inout [StreamEvent]) {
    guard state == .reading else { return }
    guard isFinished else {
      return fail(.malformed("the stream ended before the answer did"), into: &events)
    }
    end(raw: [], into: &events)
  }

  /// The tokens to charge, whether the stream is whole or was left at some point.
  ///
  /// Where the provider did not count, or not believably, the text that came is the measure. The count
  /// that a stream states at its start is no measure of what followed, so the larger one is taken there.
  package func usage(input: InputSize) -> TokenUsage {
    let estimate = UsageReader.estimate(input: input, output: characters)
    guard var stated = statedUsage, stated.input > 0 else {
      guard wasCut else { return estimate }
      return TokenUsage(uncachedInput: estimate.input, output: cutOutput, isEstimated: true)
    }
    if wasCut {
      stated.isEstimated = stated.output < cutOutput
      stated.output = cutOutput
      return stated
    }
    let isBelieved = isComplete && (stated.output > 0 || estimate.output == 0)
    if !isBelieved && estimate.output > stated.output {
      stated.output = estimate.output
      stated.isEstimated = true
    }
    return stated
  }

  // MARK: Events

  private mutating func read(
    _ event: EventStreamParser.Event, into events: inout [StreamEvent]
  ) throws(ProviderFailure) {
    guard !event.hasUnknownLine else { throw .malformed("the stream has a line that is no event's") }
    guard let data = event.data, !data.isEmpty else {
      // A comment, or an event without content: a sign of life that the caller may see.
      if passesThrough { events.append(.raw(event.raw, isUsageOnly: false)) }
      return
    }
    if data.isText("[DONE]") { return end(raw: event.raw, into: &events) }
    guard let document = try? JSONDocument(parsing: Array(data), limits: Self.limits) else {
      throw .malformed("the stream has an event that is not JSON")
    }
    guard document.kind(of: document.root) == .object else {
      throw .malformed("the stream has an event that is not an object")
    }
    if event.name.isText("error") { throw ProviderFailure(errorEvent: document) }
    if let failure = ProviderFailure.inBody(of: document, object: document.root) { throw failure }

    let kind: EventKind
    switch format {
    case .openAIChat, .openAICompletions: kind = try readOpenAI(document, into: &events)
    case .openAIResponses: kind = try readResponses(document, into: &events)
    case .anthropicMessages: kind = try readAnthropic(document, into: &events)
    case .gemini: kind = try readGemini(document, into: &events)
    case .openAIEmbeddings: throw .malformed("embeddings have no stream")
    }
    switch kind {
    case .content: if passesThrough { events.append(.raw(event.raw, isUsageOnly: false)) }
    case .usageOnly: if passesThrough { events.append(.raw(event.raw, isUsageOnly: true)) }
    case .end: end(raw: event.raw, into: &events)
    }
  }

  /// An event of a stream has few values; the largest hold an image as one string.
  private static let limits = JSONLimits(maxDepth: 64, maxNodes: 50_000)

  /// What an event is, for passing it on.
  enum EventKind {
    case content
    case usageOnly
    /// It says that the stream is over.
    case end
  }

  /// Takes note of what an event says, and hands it out unless the event's own bytes are.
  mutating func note(_ event: StreamEvent, into events: inout [StreamEvent]) throws(ProviderFailure) {
    switch event {
    case .text(let text, let choice), .refusal(let text, let choice), .reasoning(let text, let choice):
      guard !text.isEmpty else { return }
      characters += JSONCharacterCounts(escaped: text)
      pieceCount += 1
      try begin(choice)
      hasToken = true
    case .toolCall(let piece):
      try checkOrder(of: piece)
      characters += JSONCharacterCounts(escaped: piece.arguments)
      if let name = piece.name { characters += JSONCharacterCounts(escaped: name) }
      pieceCount += 1
      try begin(piece.choice)
      hasToken = true
    case .finish(let reason, let choice):
      try begin(choice)
      finishedChoices |= 1 << UInt128(choice)
      if choice == 0 { finishReason = reason }
    case .raw, .end, .failure: break
    }
    if !passesThrough { events.append(event) }
  }

  /// Every vendor streams one call after the other, and other forms than OpenAI's have no way to say it
  /// otherwise.
  private mutating func checkOrder(of piece: ToolCallPiece) throws(ProviderFailure) {
    guard passesThrough || piece.name != nil || piece.index == lastToolCall else {
      throw .malformed("the stream mixes the pieces of several tool calls")
    }
    lastToolCall = piece.index
  }

  private mutating func begin(_ choice: Int) throws(ProviderFailure) {
    guard (0..<128).contains(choice) else { throw .malformed("the stream has an answer with an odd index") }
    begunChoices |= 1 << UInt128(choice)
  }

  /// Whether every answer that was asked for, and every one that began, has a reason to have stopped.
  private var isFinished: Bool {
    begunChoices == finishedChoices && finishedChoices.nonzeroBitCount >= choiceCount
  }

  /// The answers that have begun and not stopped.
  var unfinishedChoices: [Int] {
    (0..<128).filter { (begunChoices & ~finishedChoices) >> UInt128($0) & 1 == 1 }
  }

  private mutating func end(raw: ArraySlice<UInt8>, into events: inout [StreamEvent]) {
    guard hasToken || mayBeEmpty else { return fail(.malformed("the answer is empty"), into: &events) }
    hasToken = true
    state = .ended
    events.append(.end(raw: raw))
  }

  /// Whether the provider says what cut the answer to nothing. Anthropic's models may also have nothing to
  /// add to their last turn.
  private var mayBeEmpty: Bool {
    switch finishReason {
    case "length", "content_filter": true
    case .some: format == .anthropicMessages
    case nil: false
    }
  }

  private mutating func fail(_ failure: ProviderFailure, into events: inout [StreamEvent]) {
    state = .failed
    events.append(.failure(failure))
  }
}
