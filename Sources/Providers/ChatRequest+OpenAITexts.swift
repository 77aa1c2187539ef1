package import JSON

/// OpenAI's endpoints that work on texts rather than on conversations.
extension ChatRequest {
  /// Reads the body of `POST /v1/completions`.
  package init(openAICompletions document: JSONDocument) throws(RequestError) {
    let fields = RequestFields(document: document, object: document.root)
    let (input, count) = try ChatRequest.texts(fields, "prompt")
    self.init(
      surface: .openAICompletions, document: document, input: input,
      model: try fields.shortString("model", maxBytes: Limit.nameBytes))
    try readOpenAI(fields)
    maxTokens = try fields.int("max_tokens", in: Limit.tokens)
    // The answers that are tried and not shown are charged too.
    let tried = try fields.int("best_of", in: Limit.choices) ?? 1
    choiceCount = max(choiceCount, tried) * count
    inputSize.addRaw(fields.node("suffix"), in: document)
  }

  /// Reads the body of `POST /v1/embeddings`.
  package init(openAIEmbeddings document: JSONDocument) throws(RequestError) {
    let fields = RequestFields(document: document, object: document.root)
    let (input, _) = try ChatRequest.texts(fields, "input")
    self.init(
      surface: .openAIEmbeddings, document: document, input: input,
      model: try fields.shortString("model", maxBytes: Limit.nameBytes))
    userID = try fields.shortString("user", maxBytes: Limit.nameBytes)
    inputSize = InputSize(of: input, system: nil, in: document)
    needs = .embeddings
  }

  /// More texts than OpenAI takes at once (2,048).
  private static let maxTexts = 10_000

  /// One text, one array of token numbers, or several of either; and how many there are.
  private static func texts(
    _ fields: RequestFields, _ name: StaticString
  ) throws(RequestError) -> (Input, count: Int) {
    let param = fields.param(name)
    guard let node = fields.node(name) else {
      throw RequestError(message: "`\(param)` is missing: send the text as a string", param: param)
    }
    let document = fields.document
    let expected = "a string, an array of strings, or token numbers"
    switch document.kind(of: node) {
    case .string: return (.prompt(node), 1)
    case .array: break
    case .object, .number, .true, .false, .null:
      throw .wrongType(param, expected: expected, found: document.kind(of: node))
    }
    var count = 0
    var first: JSONKind?
    for element in document.elements(of: node) {
      let kind = document.kind(of: element)
      guard kind == first ?? kind, kind == .string || kind == .number || kind == .array else {
        throw .wrongType("\(param)[\(count)]", expected: expected, found: kind)
      }
      first = kind
      count += 1
    }
    guard let first else { throw RequestError(message: "`\(param)` must not be empty", param: param) }
    // An array of numbers is one text.
    if first == .number { return (.prompt(node), 1) }
    guard count <= maxTexts else {
      throw RequestError(message: "`\(param)` must have at most \(maxTexts) texts", param: param)
    }
    return (.batch(node), count)
  }
}
