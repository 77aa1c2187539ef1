import Testing

@testable import Configuration

@Suite("Names, durations and numbers")
struct NameTests {
  private static let known = ["model", "base_url", "rate_limit_rpm", "rate_limit_tpm", "timeout", "api_key"]

  @Test(
    "finds the name that was meant",
    arguments: [
      ("modle", "model"), ("mode", "model"), ("Model", "model"), ("BASE-URL", "base_url"),
      ("baseurl", "base_url"),
      ("tiemout", "timeout"), ("timeouts", "timeout"), ("rpm", "rate_limit_rpm"), ("apikey", "api_key"),
    ])
  func nearest(written: String, meant: String) {
    #expect(NearestName.find(written, in: NameTests.known) == meant)
  }

  @Test(
    "offers nothing where nothing is near",
    arguments: ["", "x", "zzzzz", "provider", "é", String(repeating: "model", count: 99)])
  func none(written: String) {
    #expect(NearestName.find(written, in: NameTests.known) == nil)
  }

  @Test(
    "reads durations",
    arguments: [
      ("30s", .seconds(30)), ("500ms", .milliseconds(500)), ("2m", .seconds(120)), ("1h", .seconds(3600)),
      ("45", .seconds(45)),
      ("0", .zero), ("0.5", .milliseconds(500)), ("1.5h", .seconds(5400)), ("0.000000001", .nanoseconds(1)),
      ("00030s", .seconds(30)),
    ] as [(String, Duration)])
  func durations(text: String, duration: Duration) {
    #expect(DurationText.duration(text) == duration)
  }

  @Test(
    "refuses what is no duration",
    arguments: [
      "", "s", "ms", ".", ".5", "5.", "-1s", "+1", "1 s", " 1", "1S", "1sec", "1d", "1.2.3s", "1e3", "0x1",
      "١s",
      "0.0000000001", "9999999999999999999999", "99999999999999999h",
    ])
  func badDurations(text: String) {
    #expect(DurationText.duration(text) == nil)
  }

  @Test(
    "tells this machine's addresses from others",
    arguments: [
      ("127.0.0.1", true), ("127.9.8.7", true), ("localhost", true), ("LOCALHOST", true), ("::1", true),
      ("[::1]", true),
      ("0.0.0.0", false), ("::", false), ("128.0.0.1", false), ("127.0.0.1.evil.com", false),
      ("127.evil.0.1", false),
      ("127.0.0.256", false), ("localhost.evil.com", false), ("", false), ("10.0.0.1", false), ("127", false),
      ("127.1", false), ("127.0.0.1.1", false), ("127.0.0.", false),
    ])
  func loopback(host: String, isLoopback: Bool) {
    #expect(HostName.isLoopback(host) == isLoopback)
  }

  @Test("an address open to others needs keys, or the operator's word")
  func binding() throws {
    var configuration = GatewayConfiguration()
    #expect(configuration.refusalToBind(host: "127.0.0.1") == nil)
    #expect(configuration.refusalToBind(host: "0.0.0.0")?.contains("add one under 'keys:'") == true)
    configuration.server.allowOpen = true
    #expect(configuration.refusalToBind(host: "0.0.0.0") == nil)
    configuration.server.allowOpen = false
    configuration.keys = [ClientKeyConfiguration(name: "a", key: Secret("12345678"))]
    #expect(configuration.refusalToBind(host: "0.0.0.0") == nil)
  }

  @Test("a text in a message is short and cannot steer the terminal")
  func quoting() {
    #expect("a\u{1B}[31m\n".quotedForMessage == "'a\u{FFFD}[31m\u{FFFD}'")
    #expect(String(repeating: "a", count: 99).quotedForMessage.count == 63)
    #expect("key:secret".keyForMessage == "'key'")
    #expect("1234567.5".groupedByThousands == "1,234,567.5")
    #expect("100".groupedByThousands == "100")
  }
}
