import Providers

/// What a reader made of a stream.
struct StreamOutcome: Equatable {
  var events: [StreamEvent] = []
  var raw: [UInt8] = []
  var text = ""
  var failure: ProviderFailure?
  var isComplete = false

  static func == (left: StreamOutcome, right: StreamOutcome) -> Bool {
    left.events == right.events && left.raw == right.raw && left.isComplete == right.isComplete
  }
}

/// Reads a stream that comes in `pieces`, and its end.
func read(_ pieces: [[UInt8]], with reader: inout StreamReader) -> StreamOutcome {
  var outcome = StreamOutcome()
  var events: [StreamEvent] = []
  for piece in pieces { reader.read(piece.span, into: &events) }
  reader.finish(into: &events)
  for event in events {
    switch event {
    case .raw(let bytes, isUsageOnly: _): outcome.raw += bytes
    case .end(let raw):
      outcome.raw += raw
      outcome.events.append(.end(raw: []))
    case .text(let text, choice: _):
      outcome.text += String(decoding: text, as: UTF8.self)
      outcome.events.append(event)
    case .failure(let failure):
      outcome.failure = failure
      outcome.events.append(event)
    case .refusal, .reasoning, .toolCall, .finish: outcome.events.append(event)
    }
  }
  outcome.isComplete = reader.isComplete
  return outcome
}

func read(
  _ stream: String, _ format: UpstreamFormat, passesThrough: Bool = false, choiceCount: Int = 1
) -> StreamOutcome {
  var reader = StreamReader(format: format, passesThrough: passesThrough, choiceCount: choiceCount)
  return read([Array(stream.utf8)], with: &reader)
}

/// What a caller of `request` gets when a provider in `format` sends `stream`.
func translated(_ stream: String, _ format: UpstreamFormat, for request: ChatRequest) -> String {
  var reader = StreamReader(
    format: format, passesThrough: format.passesThrough(request.surface), choiceCount: request.choiceCount)
  var writer = StreamWriter(
    for: request, format: format, identity: AnswerIdentity(id: "req_1", model: "m", created: 7))
  var events: [StreamEvent] = []
  reader.read(Array(stream.utf8).span, into: &events)
  reader.finish(into: &events)
  var output: [UInt8] = []
  for event in events { writer.write(event, to: &output) }
  if reader.isComplete {
    writer.finish(
      usage: reader.usage(input: request.inputSize), summary: Array(#"{"status":"success"}"#.utf8),
      to: &output)
  } else {
    output += writer.error(message: "it broke", type: "server_error", code: "x", requestID: "req_1")
  }
  return String(decoding: output, as: UTF8.self)
}
