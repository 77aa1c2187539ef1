internal import GatewayTypes
internal import Glibc
internal import HTTP
internal import Reactor

extension Connection {
  /// Reads the next request whole. Its first bytes are in `received`.
  func nextRequest() async throws(ConnectionError) -> ServerRequest {
    let head = try await nextHead()
    let announced = try announcedLength(of: head)
    if head.expectsContinue, head.framing != .none, received.count == head.end {
      try await write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    }
    let body: [UInt8]
    let end: Int
    switch head.framing {
    case .none: (body, end) = ([], head.end)
    case .length: (body, end) = try await readBody(from: head.end, length: announced)
    case .chunked: (body, end) = try await readChunkedBody(from: head.end)
    }
    let bytes = received
    received = end < bytes.count ? Array(bytes[end...]) : []
    return ServerRequest(bytes: bytes, head: head, body: body, receivedAt: .now())
  }

  private func nextHead() async throws(ConnectionError) -> RequestHead {
    var parser = RequestParser(startingAt: 0, limits: limits.head)
    let deadline = MonotonicTime.now() + limits.headTimeout
    while true {
      switch parser.parse(received) {
      case .complete(let head): return head
      case .malformed(let error): throw .refused(error)
      case .incomplete: break
      }
      do throws(ConnectionError) {
        guard try await fill(until: deadline) else { throw .gone }
      } catch .timedOut {
        throw .refused(.headTimeout)
      }
    }
  }

  private func announcedLength(of head: RequestHead) throws(ConnectionError) -> Int {
    guard case .length(let length) = head.framing else { return 0 }
    guard length <= limits.maxBodySize else { throw .refused(.bodyTooLarge) }
    return length
  }

  private func readBody(from start: Int, length: Int) async throws(ConnectionError) -> (
    body: [UInt8], end: Int
  ) {
    // Room is made as bytes come, not as they are announced: an announcement costs its sender nothing.
    let deadline = MonotonicTime.now() + limits.bodyTimeout
    while received.count < start + length {
      try await fillBody(until: deadline)
    }
    return (Array(received[start..<(start + length)]), start + length)
  }

  private func readChunkedBody(from start: Int) async throws(ConnectionError) -> (body: [UInt8], end: Int) {
    var decoder = ChunkedDecoder()
    var body: [UInt8] = []
    var position = start
    let deadline = MonotonicTime.now() + limits.bodyTimeout
    while true {
      switch decoder.decode(received, from: position, into: &body) {
      case .malformed: throw .refused(.badChunk)
      case .complete(let next):
        guard body.count <= limits.maxBodySize else { throw .refused(.bodyTooLarge) }
        return (body, next)
      case .incomplete: break
      }
      guard body.count <= limits.maxBodySize else { throw .refused(.bodyTooLarge) }
      // The coded bytes are done with: only the head stays.
      received.removeSubrange(start...)
      position = start
      try await fillBody(until: deadline)
    }
  }

  private func fillBody(until deadline: MonotonicTime) async throws(ConnectionError) {
    do throws(ConnectionError) {
      guard try await fill(until: min(deadline, .now() + limits.bodyIdleTimeout)) else { throw .gone }
    } catch .timedOut {
      throw .refused(.bodyTimeout)
    }
  }
}
