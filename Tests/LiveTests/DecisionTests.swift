import Foundation
import TestSupport
import Testing

/// Why a provider was chosen, asked of a running gateway and of its files.
@Suite struct DecisionTests {
  /// A cheap provider that takes one request a minute, and one that costs twice as much.
  private static let configuration = """
    ledger: {decisions_bytes: 1000000}
    providers:
      - {name: cheap, kind: mock, reply: Hello, cost_per_token: 0.000001, rate_limit_rpm: 1}
      - {name: dear, kind: mock, reply: Hello, cost_per_token: 0.000002}

    """

  private func run(_ arguments: String..., in folder: TemporaryFolder) throws -> (ChildProcess.Ending, String)
  {
    let process = try ChildProcess(
      [GatewayProcess.program] + arguments + ["--config", "\(folder.path)/providers.yaml"])
    return (try process.waitForEnd(), process.output + process.errors)
  }

  @Test(
    "GET /requests/{id} tells every candidate, what was in the way, and what would have changed the choice")
  func request() throws {
    try withGateway(Self.configuration) { gateway throws in
      _ = try gateway.generate()
      let id = try #require(try gateway.generate("What?", #""max_tokens":40"#).json["id"].string)
      let json = try gateway.get("/requests/\(id)").json
      #expect(json["id"].string == id && json["provider"] == "dear" && json["status"] == "success")
      #expect(json["cost_usd"].string != nil)
      let decision = json["decision"]
      #expect(decision["chosen"] == "dear")
      #expect(
        decision["asked"]["output_tokens"] == 40 && decision["asked"]["strategy_from"] == "configuration")
      #expect(decision["candidates"].elements.map { $0["provider"] } == ["dear", "cheap"])
      let cheap = decision["candidates"][1]
      #expect(cheap["eligible"] == false && cheap["circuit_status"] == "CLOSED")
      #expect(cheap["limits"]["rate_limit_rpm"] == 1)
      #expect(cheap["prices"]["input_cost_per_million_tokens"] == 1)
      #expect(cheap["smallest_change"]["text"] == "raise rate_limit_rpm above 1")
      #expect(cheap["smallest_change"]["changes"][0]["at_least"] == 2)
      #expect(decision["smallest_change"]["provider"] == "cheap")
      #expect(
        decision["attempts"][0]["provider"] == "dear" && decision["attempts"][0]["outcome"] == "success")
      #expect(try gateway.get("/health").json["decisions"]["written"] == 2)

      for path in ["/requests/req_none", "/requests/", "/requests/\(String(repeating: "x", count: 300))"] {
        let missing = try gateway.get(path)
        #expect(missing.status == 404 && missing.errorCode == "not_found")
      }
    }
  }

  /// `value` has what the document's schema `name` says, and nothing that it does not tell.
  private func expect(
    _ value: JSONValue, toBe name: String, in document: JSONValue,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let schema = document["components"]["schemas"][name]
    expect(value, toHave: schema, sourceLocation: sourceLocation)
  }

  private func expect(
    _ value: JSONValue, toHave schema: JSONValue, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let documented = schema["properties"].keys
    #expect(!documented.isEmpty, sourceLocation: sourceLocation)
    #expect(value.keys.subtracting(documented) == [], "documented", sourceLocation: sourceLocation)
    let required = Set(schema["required"].elements.compactMap(\.string))
    #expect(required.subtracting(value.keys) == [], "there", sourceLocation: sourceLocation)
  }

  @Test("what is told is what the OpenAPI document says", arguments: ["cost", "weighted"])
  func document(strategy: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    let document = try JSONValue(
      parsing: Data(contentsOf: root.appendingPathComponent("ui/openapi.json")))
    try withGateway(Self.configuration + "routing: {strategy: \(strategy)}\n") { gateway throws in
      let id = try #require(try gateway.generate().json["id"].string)
      let explained = try gateway.send("POST", "/routing/explain", #"{"prompt": "What?"}"#).json
      expect(explained, toBe: "Explanation", in: document)
      let decision = try gateway.get("/requests/\(id)").json["decision"]
      expect(decision, toBe: "Decision", in: document)
      let schema = document["components"]["schemas"]["Decision"]["properties"]
      expect(decision["asked"], toHave: schema["asked"])
      expect(decision["smallest_change"], toHave: schema["smallest_change"])
      for candidate in explained["candidates"].elements { expect(candidate, toBe: "Candidate", in: document) }
      for candidate in decision["candidates"].elements {
        expect(candidate, toBe: "DecidedCandidate", in: document)
      }
      let changed = (explained["candidates"].elements + decision["candidates"].elements)
        .map { $0["smallest_change"] }.filter { $0 != .null }
      #expect(!changed.isEmpty)
      for change in changed { expect(change, toBe: "SmallestChange", in: document) }
    }
  }

  @Test("explain gives each candidate the price at which it would be chosen, and a plan under it chooses it")
  func smallestChange() throws {
    func file(_ price: String) -> String {
      """
      providers:
        - {name: a, kind: mock, cost_per_token: 0.000001}
        - {name: b, kind: mock, input_cost_per_million_tokens: \(price), output_cost_per_million_tokens: 1}

      """
    }
    let body = #"{"prompt": "What?", "max_tokens": 1}"#
    func explained(_ price: String) throws -> JSONValue {
      try withGateway(file(price)) { gateway throws in
        try gateway.send("POST", "/routing/explain", body).json
      }
    }
    let before = try explained("9")
    #expect(before["chosen"] == "a")
    let change = before["candidates"][1]["smallest_change"]["changes"][0]
    #expect(change["field"] == "input_cost_per_million_tokens")
    let bound = try #require(change["at_most"].amount)
    #expect(try explained("\(bound)")["chosen"] == "b")
    #expect(try explained("\(bound + Decimal(string: "0.000001")!)")["chosen"] == "a")
  }

  @Test("after a restart a request is found on the disk, by the gateway and by the command")
  func restart() throws {
    let folder = try TemporaryFolder()
    let configuration = Self.configuration.replacing("1000000}", with: "1000000, content: true}")
    var id = ""
    do {
      let gateway = try GatewayProcess(configuration, in: folder)
      id = try #require(try gateway.generate().json["id"].string)
      gateway.signal(SIGTERM)
      #expect(try gateway.waitForEnd() == .exit(0))
    }
    let (ending, text) = try run("explain", "--request", id, in: folder)
    #expect(ending == .exit(0))
    #expect(text.contains("chosen: cheap") && text.contains("attempts: cheap success"))
    #expect(text.contains("dear would have been chosen with"))
    let gateway = try GatewayProcess(configuration, in: folder)
    let json = try gateway.get("/requests/\(id)").json
    #expect(json["id"].string == id && json["decision"]["chosen"] == "cheap")
    // Prompts and answers are in the file only.
    #expect(folder.read("logs/usage.log")?.contains(#""content":{"#) == true)
    #expect(json["content"] == .null)
  }

  @Test("the command tells what it would choose, and ends with 1 for what is not there, 2 for wrong usage")
  func command() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.configuration, to: "providers.yaml")
    let (ending, text) = try run("explain", "What?", "--priority", "cost", in: folder)
    #expect(ending == .exit(0))
    #expect(text.contains("fresh health") && text.contains("chosen: cheap"))
    #expect(try run("explain", "What?", "--model", "none", in: folder).0 == .exit(1))
    #expect(try run("explain", "--request", "req_none", in: folder).0 == .exit(1))
    #expect(try run("explain", in: folder).0 == .exit(2))
    #expect(try run("explain", "What?", "--request", "req_1", in: folder).0 == .exit(2))
    #expect(try run("explain", "What?", "--priority", "most", in: folder).0 == .exit(2))
    #expect(try run("replay", "--since", "tomorrow", in: folder).0 == .exit(2))
    #expect(try run("replay", in: folder).0 == .exit(1))
  }

  @Test(
    "what the gateway served is decided again in the same way, and under another file it costs what that says"
  )
  func replay() throws {
    let folder = try TemporaryFolder()
    let gateway = try GatewayProcess(Self.configuration, in: folder)
    for _ in 0..<20 { #expect(try gateway.generate().status == 200) }
    let same = try JSONValue(parsing: try run("replay", "--format", "json", in: folder).1)
    #expect(same["requests"] == 20 && same["moved"] == 0 && same["without_decision"] == 0)
    #expect(same["difference_usd"] == "0")
    #expect(same["providers"].elements.map { $0["new"]["requests"] } == [1, 19])
    #expect(
      same["providers"][0]["old"]["limit_hits"] == 19 && same["providers"][0]["new"]["limit_hits"] == 19)
    try folder.write(
      Self.configuration.replacing("rate_limit_rpm: 1}", with: "rate_limit_rpm: 100}"), to: "providers.yaml")
    let other = try JSONValue(parsing: try run("replay", "--format", "json", in: folder).1)
    #expect(other["moved"] == 19 && other["providers"][0]["new"]["requests"] == 20)
    // Half the price for all but one.
    let lines = gateway.ledger()
    let paid = lines.map { Decimal(string: $0["cost_usd"].string ?? "") ?? 0 }
    let saved = paid.dropFirst().reduce(Decimal(0)) { $0 + $1 / 2 }
    #expect(Decimal(string: other["difference_usd"].string ?? "") == -saved)
  }

  @Test("decisions that cannot be written are lost and told of, and no request is")
  func unwritable() throws {
    try withGateway(Self.configuration, files: ["logs/usage.log.decisions/in-the-way": ""]) {
      gateway throws in
      let response = try gateway.generate()
      #expect(response.status == 200)
      let health = try gateway.get("/health").json
      #expect(health["status"] == "ok" && health["ledger"]["status"] == "ok")
      #expect(health["decisions"]["status"] == "failing" && health["decisions"]["lost"] == 1)
      let json = try gateway.get("/requests/\(response.json["id"].string ?? "")").json
      #expect(json["status"] == "success" && json["decision"] == .null)
      #expect(json["decision_missing"].string?.isEmpty == false)
    }
  }

  @Test("with 0 bytes for them no decisions are kept")
  func off() throws {
    let off = Self.configuration.replacing("1000000}", with: "0}")
    try withGateway(off) { gateway throws in
      let id = try gateway.generate().json["id"].string ?? ""
      #expect(gateway.folder.read("logs/usage.log.decisions") == nil)
      #expect(try gateway.get("/health").json["decisions"]["status"] == "off")
      #expect(try gateway.get("/requests/\(id)").json["decision"] == .null)
    }
  }

  @Test("a request of the past is an admin's to see")
  func admin() throws {
    let keys = """
      keys:
        - {name: boss, key: boss-key-1234, admin: true}
        - {name: team, key: team-key-1234}

      """
    try withGateway(keys + Self.configuration) { gateway throws in
      let paths = ["authorization: Bearer team-key-1234": 403, "authorization: Bearer boss-key-1234": 404]
      for (field, status) in paths {
        #expect(try gateway.get("/requests/req_none", fields: [field]).status == status)
      }
      #expect(try gateway.get("/requests/req_none").status == 401)
    }
  }
}
