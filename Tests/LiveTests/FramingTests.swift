import TestSupport
import Testing

/// Answers of providers that are framed oddly: read right where HTTP allows it, and never mixed up.
@Suite struct FramingTests {
  private static let oneWorker = "server: {workers: 1}"
  private static let body = ProviderReply.answerBody()

  @Test(
    "a good answer is read however HTTP lets it be framed",
    arguments: [
      // Until the connection ends.
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
      "HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 200\r\nConnection: close\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Type: APPLICATION/JSON; charset=utf-8\r\nContent-Length: \(body.utf8.count)\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n",
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n",
      "HTTP/1.1 200 OK\nContent-Length: \(body.utf8.count)\n\n",
      "HTTP/1.1 200 OK\r\ncontent-length:\(body.utf8.count)\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n",
    ])
  func goodFraming(head: String) throws {
    let provider = try FaultyProvider(always: .garbage(head + Self.body))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      for _ in 1...2 { #expect(try gateway.generate().json["response"] == "A good answer.") }
    }
  }

  @Test("a length that is none is no answer", arguments: ["x", "-1", "", "1 2"])
  func badLength(length: String) throws {
    let provider = try FaultyProvider(
      always: .garbage("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n" + Self.body))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let response = try gateway.generate()
      #expect(response.status == 502)
      #expect(response.tries == ["first: malformed_response"])
    }
  }

  @Test("bytes behind an answer are not the next one's")
  func excess() throws {
    let forged = ProviderReply.answer("Forged.")
    let provider = try FaultyProvider { request in
      guard request.index == 0 else { return .answer("True.") }
      return ProviderReply([.send(Self.bytes(of: .answer("True.")) + Self.bytes(of: forged))])
    }
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: Self.oneWorker)
    try withGateway(configuration) { gateway throws in
      for _ in 1...3 { #expect(try gateway.generate().json["response"] == "True.") }
    }
  }

  @Test("an answer that nobody asked for is not the next one's")
  func unasked() throws {
    let mayForge = Gate()
    let hasForged = Gate()
    let provider = try FaultyProvider { request in
      guard request.index == 0 else { return .answer("True.") }
      return ProviderReply(
        ProviderReply.answer("True.").steps + [.wait(mayForge)] + ProviderReply.answer("Forged.").steps
          + [.open(hasForged)])
    }
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: Self.oneWorker)
    try withGateway(configuration) { gateway throws in
      #expect(try gateway.generate().json["response"] == "True.")
      mayForge.open()
      hasForged.wait()
      for _ in 1...3 { #expect(try gateway.generate().json["response"] == "True.") }
    }
  }

  @Test("a kept connection that ends under the next request is replaced, once, without a failure")
  func endUnderRequest() throws {
    let provider = try FaultyProvider { request in
      request.connection == 0 && request.index > 0 ? .nothing : .answer()
    }
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: Self.oneWorker)
    try withGateway(configuration) { gateway throws in
      let answers = try (1...3).map { _ in try gateway.generate() }
      #expect(answers.allSatisfy { $0.tries == ["first: success"] })
      #expect(provider.requests.map(\.connection) == [0, 0, 1, 1])
    }
  }

  @Test("after a cut, a timeout or an oversized answer the connection is not used again")
  func brokenConnection() throws {
    let replies: [ProviderReply] = [
      .silenceInBody, .answer(), .large(megabytes: 20), .answer(), .cutBody, .answer(),
    ]
    let provider = try FaultyProvider(replies)
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url, "timeout: 1s"), sections: Self.oneWorker)
    try withGateway(configuration) { gateway throws in
      let statuses = try replies.map { _ in try gateway.generate().status }
      #expect(statuses == [504, 200, 502, 200, 502, 200] || statuses == [502, 200, 502, 200, 502, 200])
      #expect(provider.requests.map(\.connection) == [0, 1, 1, 2, 2, 3])
    }
  }

  private static func bytes(of reply: ProviderReply) -> [UInt8] {
    reply.steps.flatMap { step -> [UInt8] in
      if case .send(let bytes) = step { bytes } else { [] }
    }
  }
}
