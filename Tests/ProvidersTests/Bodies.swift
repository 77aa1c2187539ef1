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
