import JSON
import Providers

/// The request in `body`, a text of `POST /generate`.
func request(_ body: String) throws -> ChatRequest {
  try ChatRequest(generate: RequestBody.object(from: Array(body.utf8)))
}

/// The error that `body` is refused with; nil when it is not.
func refusal(_ body: [UInt8]) -> RequestError? {
  do {
    _ = try ChatRequest(generate: RequestBody.object(from: body))
    return nil
  } catch {
    return error
  }
}

func text(_ bytes: some Sequence<UInt8>) -> String {
  String(decoding: Array(bytes), as: UTF8.self)
}

/// The request in `body`, as `surface` sends it.
func request(_ body: String, _ surface: Surface) throws(RequestError) -> ChatRequest {
  let document = try RequestBody.object(from: Array(body.utf8))
  return switch surface {
  case .generate, .chatPrompt: try ChatRequest(generate: document)
  case .openAIChat: try ChatRequest(openAIChat: document)
  case .anthropicMessages: try ChatRequest(anthropicMessages: document)
  case .openAICompletions: try ChatRequest(openAICompletions: document)
  case .openAIResponses: try ChatRequest(openAIResponses: document)
  case .openAIEmbeddings: try ChatRequest(openAIEmbeddings: document)
  }
}

/// The body that a provider in `format` gets for `body`; it must be JSON.
func upstreamBody(
  _ body: String, _ surface: Surface, _ format: UpstreamFormat, maxTokens: Int? = nil
) throws -> String {
  let request = try request(body, surface)
  let bytes = try UpstreamBody.bytes(
    for: request, format: format, model: "m", maxTokens: maxTokens, isStreaming: request.isStreaming)
  _ = try JSONDocument(parsing: bytes)
  return text(bytes)
}

/// The field that is refused when `body` is to be said to a provider in `format`.
func untranslatable(_ body: String, _ surface: Surface, _ format: UpstreamFormat) -> String? {
  do {
    let request = try request(body, surface)
    _ = try UpstreamBody.bytes(for: request, format: format, model: "m", maxTokens: nil, isStreaming: false)
    return nil
  } catch {
    return error.param ?? error.message
  }
}

/// The body that a caller at `surface` gets when a provider in `format` answers with `answer`.
func answered(_ answer: String, _ format: UpstreamFormat, _ surface: Surface) throws -> String {
  let body =
    surface == .openAICompletions
    ? #"{"prompt":"x"}"# : #"{"messages":[{"role":"user","content":"x"}],"input":"x"}"#
  let request = try request(body, surface)
  let answer = try AnswerReader.answer(from: Array(answer.utf8), format: format, input: request.inputSize)
  let bytes = AnswerWriter.body(
    of: answer, for: request, identity: AnswerIdentity(id: "req_1", model: "m", created: 7))
  _ = try JSONDocument(parsing: bytes)
  return text(bytes)
}
