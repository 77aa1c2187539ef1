internal import GatewayTypes
package import HTTP
internal import Reactor

/// Writes the answer to one request: either `send` once, or `beginStream`, `write` …, `endStream`.
///
/// A client that hangs up meanwhile is no error of the handler's: writes then do nothing, and
/// `isClientGone` tells.
package struct ResponseWriter {
  /// What has been written so far, shared by the copies of one writer.
  final class State {
    var isFinished = false
    var isStreaming = false
    var mustClose = false
    /// A write has failed: nobody is there to read the rest.
    var mustAbandon = false
  }

  let connection: Connection
  let request: RequestHead
  let state = State()

  init(connection: Connection, request: RequestHead) {
    self.connection = connection
    self.request = request
  }

  /// Whether the client has hung up, so that nobody waits for the answer.
  package var isClientGone: Bool { connection.isPeerGone }

  /// Has `handler` called, once, if the client hangs up before its answer is complete; nil ends that.
  package func onClientGone(_ handler: (() -> Void)?) {
    connection.onPeerGone(handler)
  }

  /// Writes a whole answer. To a HEAD request the same head goes without the body.
  package func send(_ response: Response) async {
    precondition(!state.isFinished && !state.isStreaming, "a request has one answer")
    state.isFinished = true
    var output = connection.buffers.takeOutput()
    appendHead(status: response.status, fields: response.fields, to: &output)
    // RFC 9110 §8.6: 304 and 204 carry no length of their own.
    if response.status != 304, response.status != 204 {
      output.appendStatic("Content-Length: ")
      output.appendDecimal(response.body.count)
      output.appendStatic("\r\n")
    }
    output.appendStatic("\r\n")
    if request.method == .head || response.body.isEmpty {
      await writeAndGiveBack(output)
    } else if response.body.count <= Self.maxCopiedBodySize {
      output.append(contentsOf: response.body)
      await writeAndGiveBack(output)
    } else {
      await writeAndGiveBack(output, moreFollows: true)
      await writeOrClose(response.body)
    }
  }

  /// Up to this size one copy costs less than another system call.
  private static let maxCopiedBodySize = 65_536

  /// Begins an answer whose length is not known: chunked, or ended by the connection's end for HTTP/1.0.
  package func beginStream(status: Int, fields: ResponseFields) async {
    precondition(!state.isFinished && !state.isStreaming, "a request has one answer")
    state.isStreaming = true
    if request.minorVersion == 0 { state.mustClose = true }
    var output = connection.buffers.takeOutput()
    appendHead(status: status, fields: fields, to: &output)
    if request.minorVersion == 1 { output.appendStatic("Transfer-Encoding: chunked\r\n") }
    output.appendStatic("\r\n")
    await writeAndGiveBack(output)
  }

  /// Writes the next piece of a stream; waits while the client reads slowly.
  package func write(_ piece: [UInt8]) async {
    precondition(state.isStreaming && !state.isFinished, "a stream is begun before it is written to")
    // An empty chunk would end the body (RFC 9112 §7.1).
    guard !piece.isEmpty, request.method != .head else { return }
    guard request.minorVersion == 1 else { return await writeOrClose(piece) }
    var output = connection.buffers.takeOutput()
    output.append(contentsOf: String(piece.count, radix: 16).utf8)
    output.appendStatic("\r\n")
    output.append(contentsOf: piece)
    output.appendStatic("\r\n")
    await writeAndGiveBack(output)
  }

  /// Ends a stream. `isComplete` false cuts the connection instead, so that no client takes the part it
  /// has for the whole.
  package func endStream(isComplete: Bool = true) async {
    precondition(state.isStreaming && !state.isFinished, "a stream is ended once")
    state.isFinished = true
    guard isComplete else {
      state.mustClose = true
      return
    }
    guard request.minorVersion == 1, request.method != .head else { return }
    await writeOrClose(Array("0\r\n\r\n".utf8))
  }

  private func appendHead(status: Int, fields: ResponseFields, to output: inout [UInt8]) {
    output.appendStatic("HTTP/1.1 ")
    output.appendDecimal(status)
    output.append(UInt8(ascii: " "))
    output.appendStatic(Response.reason(of: status))
    output.appendStatic("\r\nDate: ")
    output.append(contentsOf: connection.buffers.date())
    output.appendStatic("\r\n")
    output.append(contentsOf: fields.bytes)
    if !request.keepsAlive || connection.closesAfterAnswer || state.mustClose {
      state.mustClose = true
      output.appendStatic("Connection: close\r\n")
    } else if request.minorVersion == 0 {
      output.appendStatic("Connection: keep-alive\r\n")
    }
  }

  private func writeAndGiveBack(_ output: consuming [UInt8], moreFollows: Bool = false) async {
    await writeOrClose(output, moreFollows: moreFollows)
    connection.buffers.giveBack(output)
  }

  private func writeOrClose(_ bytes: [UInt8], moreFollows: Bool = false) async {
    guard !state.mustAbandon else { return }
    do {
      try await connection.write(bytes, moreFollows: moreFollows)
    } catch {
      state.mustAbandon = true
      state.mustClose = true
      // Whoever works for the answer is told now: a stream that flows would go on for nobody.
      connection.notePeerGone()
    }
  }
}
