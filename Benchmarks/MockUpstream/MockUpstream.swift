import Dispatch
import Glibc
import HTTP
import HTTPServer
import Reactor

/// A provider for measurements, on one loop: answers every POST with the same chat completion, at once, or
/// with a stream of chunks at the pace that the request asks for (`MockStream`).
///
/// `mock-upstream PORT`
@main
enum MockUpstream {
  static func main() throws {
    let port = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 9000 : 9000
    let loop = try EventLoop()
    let sockets = try ListeningSocket.open(host: "127.0.0.1", port: port, count: 1)
    loop.execute {
      do {
        servers = try Server(
          loop: loop, listener: sockets.descriptors[0], limits: ServerLimits(),
          responder: Completion(on: loop))
      } catch {
        fatalError("cannot serve: \(error)")
      }
    }
    print("mock upstream on 127.0.0.1:\(sockets.port)")
    dispatchMain()
  }

  /// Kept for the life of the process; set once, on the loop.
  nonisolated(unsafe) static var servers: Server?
}

/// The one answer, of the size and shape that a small real one has.
final class Completion: RequestResponder {
  private let loop: EventLoop

  init(on loop: EventLoop) {
    self.loop = loop
  }

  private let body = Array(
    """
    {"id":"chatcmpl-8f2b1c","object":"chat.completion","created":1763715600,"model":"mock-model",\
    "choices":[{"index":0,"message":{"role":"assistant","content":"A breaker opens after three failures \
    and lets one request try again after a minute."},"logprobs":null,"finish_reason":"stop"}],\
    "usage":{"prompt_tokens":19,"completion_tokens":16,"total_tokens":35,\
    "prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}
    """.utf8)

  func respond(to request: ServerRequest, writer: ResponseWriter) async {
    if let stream = MockStream(askedFor: request.body) { return await stream.play(to: writer, on: loop) }
    var fields = ResponseFields()
    fields.add("Content-Type", "application/json")
    await writer.send(Response(status: 200, fields: fields, body: body))
  }

  func response(to error: RequestError) -> Response {
    Response(status: error.status)
  }
}
