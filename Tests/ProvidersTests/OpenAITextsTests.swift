import GatewayTypes
import JSON
import Providers
import Testing

@Suite("OpenAI's completions and embeddings")
struct OpenAITextsTests {
  @Test(
    "reads a text, several, or token numbers",
    arguments: [
      (#""abc""#, 1, 3), (#"["abc"]"#, 1, 3), (#"["abc","de"]"#, 2, 5), ("[1,22,333]", 1, 6),
      ("[[1,22],[333]]", 2, 6),
    ])
  func texts(prompt: String, count: Int, size: Int) throws {
    let completion = try request(#"{"prompt":\#(prompt),"n":2,"user":"u","stream":true}"#, .openAICompletions)
    #expect(completion.choiceCount == 2 * count)
    #expect(completion.inputSize.characters.byteCount == size)
    #expect(completion.userID == "u")
    #expect(completion.isStreaming)
    let embeddings = try request(#"{"input":\#(prompt),"model":"e"}"#, .openAIEmbeddings)
    #expect(embeddings.inputSize.characters.byteCount == size)
    #expect(embeddings.inputSize.messageCount == count)
    #expect(embeddings.needs == .embeddings)
    #expect(embeddings.model == "e")
  }

  @Test(
    "refuses what is no text",
    arguments: [
      ("null", "prompt"), ("7", "prompt"), ("{}", "prompt"), ("true", "prompt"), ("[]", "prompt"),
      (#"["a",1]"#, "prompt[1]"),
      (#"[1,"a"]"#, "prompt[1]"), ("[null]", "prompt[0]"), ("[{}]", "prompt[0]"), ("[true]", "prompt[0]"),
    ])
  func noText(prompt: String, param: String) {
    #expect { try request(#"{"prompt":\#(prompt)}"#, .openAICompletions) } throws: {
      ($0 as? RequestError)?.param == param
    }
    #expect(throws: RequestError.self) { try request(#"{"input":\#(prompt)}"#, .openAIEmbeddings) }
  }

  @Test("goes on byte for byte to its own endpoint")
  func passThrough() throws {
    #expect(
      try upstreamBody(
        #"{"prompt":"x","echo":true,"max_tokens":50}"#, .openAICompletions, .openAICompletions, maxTokens: 40)
        == #"{"prompt":"x","echo":true,"max_tokens":40,"model":"m"}"#)
    #expect(
      try upstreamBody(
        #"{"input":["x"],"model":"a","dimensions":8}"#, .openAIEmbeddings, .openAIEmbeddings, maxTokens: 40)
        == #"{"input":["x"],"model":"m","dimensions":8}"#)
  }

  @Test("a completion becomes what the user says")
  func toMessages() throws {
    #expect(
      try upstreamBody(
        #"{"prompt":["x"],"max_tokens":5,"stop":"a","temperature":0.5}"#, .openAICompletions,
        .anthropicMessages)
        == #"{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"text","text":"x"}]}],"#
        + #""temperature":0.5,"stop_sequences":["a"],"stream":false}"#)
  }

  @Test(
    "names what cannot be translated",
    arguments: [
      (#""prompt":["a","b"]"#, "prompt"), (#""prompt":[1,2]"#, "prompt"), (#""prompt":"x","n":2"#, "n"),
      (#""prompt":"x","suffix":"s""#, "suffix"), (#""prompt":"x","logprobs":1"#, "logprobs"),
      (#""prompt":"x","echo":true"#, "echo"),
      (#""prompt":"""#, "prompt"),
    ])
  func untranslatableFields(fields: String, param: String) {
    for format in [UpstreamFormat.anthropicMessages, .gemini] {
      #expect(untranslatable("{\(fields)}", .openAICompletions, format) == param)
    }
    #expect(untranslatable(#"{"input":"x"}"#, .openAIEmbeddings, .gemini) == "model")
  }

  @Test("an answer of another vendor's becomes a text completion, whole and streamed")
  func answer() throws {
    let message =
      #"{"content":[{"type":"text","text":"Hi"}],"stop_reason":"max_tokens","usage":{"input_tokens":3,"output_tokens":2}}"#
    #expect(
      try answered(message, .anthropicMessages, .openAICompletions)
        == #"{"id":"cmpl-req_1","object":"text_completion","created":7,"model":"m","choices":[{"index":0,"text":"Hi","#
        + #""logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"#
        + #""prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}"#
    )
    let stream =
      #"data: {"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP"}]}"# + "\n\n"
    func chunk(_ text: String, _ finish: String) -> String {
      #"data: {"id":"cmpl-req_1","object":"text_completion","created":7,"model":"m","choices":[{"index":0,"text":"\#(text)","#
        + #""logprobs":null,"finish_reason":\#(finish)}]}"# + "\n\n"
    }
    #expect(
      translated(stream, .gemini, for: try request(#"{"prompt":"x","stream":true}"#, .openAICompletions))
        == chunk("Hi", "null") + chunk("", #""stop""#) + "data: [DONE]\n\n")
  }

  @Test("reads the answers of its own endpoints")
  func ownAnswers() throws {
    let completion =
      #"{"choices":[{"text":"abcd","index":0,"finish_reason":"stop"},{"text":"efgh","index":1}]}"#
    let answer = try AnswerReader.answer(
      from: Array(completion.utf8), format: .openAICompletions, input: InputSize())
    #expect(text(answer.escapedText) == "abcd")
    // All that was written is charged.
    #expect(answer.usage == TokenUsage(output: 2, isEstimated: true))
    let embeddings =
      #"{"data":[{"embedding":[0.1,-2e-5]}],"model":"e","usage":{"prompt_tokens":5,"total_tokens":5}}"#
    let numbers = try AnswerReader.answer(
      from: Array(embeddings.utf8), format: .openAIEmbeddings, input: InputSize())
    #expect(numbers.usage == TokenUsage(uncachedInput: 5))
    #expect(numbers.original?.body == Array(embeddings.utf8))
  }

  @Test(
    "what is no answer is malformed",
    arguments: [
      "{}", "[]", #"{"choices":[]}"#, #"{"choices":[{}]}"#, #"{"data":[]}"#, #"{"data":[{}]}"#,
      #"{"data":7}"#,
      #"{"choices":[{"message":{"content":"x"}}]}"#,
    ])
  func malformed(body: String) {
    for format in [UpstreamFormat.openAICompletions, .openAIEmbeddings] {
      #expect(throws: ProviderFailure.self) {
        try AnswerReader.answer(from: Array(body.utf8), format: format, input: InputSize())
      }
    }
  }

  @Test("reads a stream of text completions")
  func stream() {
    let stream =
      #"data: {"choices":[{"text":"Hi","index":0,"finish_reason":null}]}"# + "\n\n"
      + #"data: {"choices":[{"text":"","index":0,"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
    let outcome = read(stream, .openAICompletions)
    #expect(outcome.isComplete)
    #expect(outcome.text == "Hi")
  }
}
