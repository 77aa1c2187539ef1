import TestSupport
import Testing

/// Providers behind TLS, of which some speak HTTP/2 too: whom the gateway trusts, and how calls end.
@Suite(.enabled(if: TLSFront.isAvailable)) struct TLSTests {
  private static let reply: FaultyProvider.Script = { request in
    request.json["stream"] == true ? .stream() : .answer()
  }

  private static func configuration(_ url: String, _ second: FaultyProvider) -> String {
    Configuration.of(
      Configuration.provider("first", url), Configuration.provider("second", second.url),
      sections: BrokenStreamTests.unmoved)
  }

  @Test(
    "a provider whose certificate the named file vouches for answers, whole and streamed",
    arguments: ["SSL_CERT_FILE", "CURL_CA_BUNDLE"], [true, false])
  func trusted(variable: String, speaksHTTP2: Bool) throws {
    let certificate = try TestCertificate()
    let first = try FaultyProvider(Self.reply)
    let second = try FaultyProvider(Self.reply)
    let front = try TLSFront(before: first, certificate: certificate, speaksHTTP2: speaksHTTP2)
    try withGateway(
      Self.configuration("https://localhost:\(front.port)/v1", second),
      environment: [variable: certificate.path]
    ) { gateway throws in
      #expect(try gateway.generate().tries == ["first: success"])
      for _ in 0..<2 {
        let (response, isComplete) = try gateway.chatStream()
        #expect(response.body == EventStream.chat().bytesWithoutUsage && isComplete)
      }
      #expect(gateway.ledger(waitingFor: 3).map { $0["status"] } == ["success", "success", "success"])
      let spoken = speaksHTTP2 ? "HTTP/2.0" : "HTTP/1.1"
      #expect(first.requests.map { $0.header("X-Protocol") } == [spoken, spoken, spoken])
      #expect(first.requests.allSatisfy { $0.header("Authorization")?.hasPrefix("Bearer ") == true })
    }
  }

  @Test("a provider whose certificate nobody vouches for is passed by, and told nothing")
  func untrusted() throws {
    let certificate = try TestCertificate()
    let first = try FaultyProvider(Self.reply)
    let second = try FaultyProvider(Self.reply)
    let front = try TLSFront(before: first, certificate: certificate)
    // What vouches for another one is no help.
    let another = try TestCertificate()
    for environment in [[:], ["SSL_CERT_FILE": another.path]] {
      try withGateway(
        Self.configuration("https://localhost:\(front.port)/v1", second), environment: environment
      ) { gateway throws in
        #expect(try gateway.generate().tries == ["first: transient", "second: success"])
        let (response, isComplete) = try gateway.chatStream()
        #expect(response.header("x-tollgate-provider") == "second" && isComplete)
      }
    }
    #expect(first.requests.isEmpty)
  }

  @Test("a certificate for another name is refused")
  func otherName() throws {
    let certificate = try TestCertificate()
    let first = try FaultyProvider(Self.reply)
    let second = try FaultyProvider(Self.reply)
    let front = try TLSFront(before: first, certificate: certificate)
    try withGateway(
      Self.configuration("https://127.0.0.1:\(front.port)/v1", second),
      environment: ["SSL_CERT_FILE": certificate.path]
    ) { gateway throws in
      #expect(try gateway.generate().tries == ["first: transient", "second: success"])
      #expect(first.requests.isEmpty)
    }
  }

  @Test("a stream over TLS that breaks off is an error, and one that is left is cancelled at once")
  func brokenStream() throws {
    let certificate = try TestCertificate()
    let packets = Array(EventStream.chat().packets[..<2])
    let gate = Gate()
    let first = try FaultyProvider([
      .begun(packets, then: [.wait(gate), .end]), .begun(packets, then: [.silence]),
    ])
    let second = try FaultyProvider(Self.reply)
    let front = try TLSFront(before: first, certificate: certificate)
    try withGateway(
      Self.configuration("https://localhost:\(front.port)/v1", second),
      environment: ["SSL_CERT_FILE": certificate.path]
    ) { gateway throws in
      let (response, isComplete) = try gateway.chatStream { gate.open() }
      #expect(!isComplete && response.errorEvent["code"] == "stream_interrupted")
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("POST", GatewayProcess.chatPath, GatewayProcess.chatBody()))
      #expect(try client.responseHead().status == 200)
      client.hangUp()
      #expect(eventually { first.hangUpCount == 1 })
      #expect(gateway.ledger(waitingFor: 2).map { $0["status"] } == ["partial", "cancelled"])
    }
  }

  @Test("callers that leave while their provider is being connected to harm nobody")
  func leavingBeforeConnected() throws {
    let listener = try FullListener()
    let configuration = Configuration.of(
      Configuration.provider("first", "https://127.0.0.1:\(listener.port)/v1"),
      sections: "server: {workers: 1}")
    try withGateway(configuration) { gateway throws in
      let leaving = try (0..<20).map { _ in
        let client = try gateway.connect()
        try client.send(GatewayProcess.message("POST", "/generate", GatewayProcess.body()))
        return client
      }
      #expect(try eventually { try gateway.provider("first")["in_flight"] == 20 })
      for client in leaving { client.hangUp() }
      #expect(try eventually { try gateway.provider("first")["in_flight"] == 0 })
      // These get the numbers of the sockets that were given up.
      let others = try (0..<60).map { _ in try gateway.connect() }
      for client in others {
        try client.send(GatewayProcess.message("GET", "/health"))
        #expect(try client.response().status == 200)
      }
      #expect(gateway.ledger(waitingFor: 20).allSatisfy { $0["status"] == "cancelled" })
    }
    withExtendedLifetime(listener) {}
  }
}
