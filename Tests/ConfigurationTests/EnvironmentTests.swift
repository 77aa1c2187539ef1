import Testing

@testable import Configuration

@Suite("Environment")
struct EnvironmentTests {
  static let lines: [(text: String, variables: [String: String])] = [
    ("", [:]), ("\n  \n# A=1\n", [:]), ("A=1", ["A": "1"]), ("A=1\r\nB=2\r\n", ["A": "1", "B": "2"]),
    ("\u{FEFF}A=1", ["A": "1"]), ("export A=1", ["A": "1"]), ("  export\tA=1  ", ["A": "1"]),
    ("A=", ["A": ""]),
    ("A= # none", ["A": ""]), ("A=b # c", ["A": "b"]), ("A=b#c", ["A": "b#c"]), ("A=b c", ["A": "b c"]),
    ("A='b # c'", ["A": "b # c"]), ("A='$B\\n'", ["A": "$B\\n"]),
    ("A=\"b\\n\\\"\\\\\\$\\x\"", ["A": "b\n\"\\$\\x"]),
    ("A=\"b\" # c", ["A": "b"]), ("A=b=c==", ["A": "b=c=="]), ("A=1\nA=2", ["A": "2"]),
    ("_a1=x", ["_a1": "x"]),
    ("A=${B}", ["A": "${B}"]),
  ]

  @Test("reads the lines of .env", arguments: lines)
  func reads(text: String, variables: [String: String]) {
    var errors: [EnvironmentFile.LineError] = []
    #expect(EnvironmentFile(Array(text.utf8), errors: &errors).variables == variables)
    #expect(errors.isEmpty)
  }

  static let badLines: [(text: String, line: Int, piece: String)] = [
    ("A=1\nsk-secret", 2, "expected NAME=value"), ("A B=sk-secret", 1, "without spaces"),
    ("1A=sk-secret", 1, "a name of"),
    ("=sk-secret", 1, "a name of"), ("A-B=sk-secret", 1, "a name of"),
    ("\nA='sk-secret", 2, "no closing quote"),
    ("A=\"sk-secret", 1, "no closing quote"), ("A=\"sk-secret\\", 1, "no closing quote"),
    ("A='sk-secret' more", 1, "text after the closing quote"), ("export", 1, "expected NAME=value"),
    ("A=sk-secret\0", 1, "NUL"), ("A: sk-secret", 1, "expected NAME=value"),
  ]

  @Test("names the line that is none, and never repeats it", arguments: badLines)
  func refuses(text: String, line: Int, piece: String) {
    var errors: [EnvironmentFile.LineError] = []
    _ = EnvironmentFile(Array(text.utf8), errors: &errors)
    #expect(errors.map(\.line) == [line])
    #expect(errors.first?.message.contains(piece) == true, "\(errors)")
    #expect(errors.allSatisfy { !$0.message.contains("secret") })
  }

  @Test("refuses a .env that is not text")
  func invalidText() {
    var errors: [EnvironmentFile.LineError] = []
    _ = EnvironmentFile([0x41, 0x3D, 0xFF], errors: &errors)
    #expect(errors.map(\.message) == ["the file is not UTF-8 text"])
  }

  @Test("the process's variables stand above the file's, even empty ones")
  func precedence() {
    let environment = Environment(
      process: ["A": "process", "B": ""], file: ["A": "file", "B": "file", "C": "file"])
    #expect(environment["A"] == "process")
    #expect(environment["B"] == "")
    #expect(environment["C"] == "file")
    #expect(environment["D"] == nil)
  }

  static let expansions: [(written: String, text: String)] = [
    ("plain", "plain"), ("${A}", "a"), ("x${A}y${A}z", "xayaz"), ("${A:-b}", "a"), ("${E:-b}", "b"),
    ("${U:-b}", "b"),
    ("${U:-}", ""), ("${U:-b:c-$d}", "b:c-$d"), ("$$", "$"), ("$${A}", "${A}"), ("$A", "$A"), ("$", "$"),
    ("a$", "a$"),
    ("$$$$", "$$"), ("}", "}"), ("${D}", "${A}"), ("", ""),
  ]

  private let environment = Environment(process: ["A": "a", "E": "", "D": "${A}"])

  @Test("puts variables in once, without reading their values again", arguments: expansions)
  func expands(written: String, text: String) throws {
    let expansion = try EnvironmentExpansion(written, in: environment)
    #expect(expansion.text == text)
    #expect(expansion.unset.isEmpty && expansion.empty.isEmpty)
  }

  @Test("tells what is unset from what is empty")
  func missing() throws {
    let expansion = try EnvironmentExpansion("${U}${E}${A}${V}", in: environment)
    #expect(expansion.unset == ["U", "V"])
    #expect(expansion.empty == ["E"])
    #expect(expansion.usesVariables)
  }

  @Test(
    "refuses a reference it cannot read",
    arguments: [
      "${", "${A", "${}", "${ A}", "${1}", "${A-b}", "${A:b}", "${A:=b}", "${A:?}", "${A.b}", "${é}",
    ])
  func badReference(written: String) {
    #expect(throws: EnvironmentExpansion.Problem.self) { try EnvironmentExpansion(written, in: environment) }
  }

  @Test("a variable's value is one text, whatever it looks like")
  func noInjection() throws {
    let yaml = Sample.provider("free: true", "headers: {x: \"${X}\"}")
    let value = "a, port: 1} # [&b *c]: \"d"
    #expect(try Sample.decode(yaml, environment: ["X": value]).providers[0].headers[0].value == Secret(value))
  }

  static let cooldowns: [(yaml: String, environment: [String: String], tokens: Int?, seconds: Int?)] = [
    ("", [:], nil, nil), ("", ["TOKEN_COOLDOWN_THRESHOLD": "100"], 100, 300),
    ("", ["TOKEN_COOLDOWN_THRESHOLD": "100", "COOLDOWN_DURATION_SECONDS": "7"], 100, 7),
    ("", ["COOLDOWN_DURATION_SECONDS": "7"], nil, nil), ("", ["TOKEN_COOLDOWN_THRESHOLD": ""], nil, nil),
    ("cooldown: {tokens: 5, duration: 60s}\n", ["TOKEN_COOLDOWN_THRESHOLD": "9"], 9, 60),
    ("cooldown: {tokens: 5, duration: 60s}\n", ["COOLDOWN_DURATION_SECONDS": "2m"], 5, 120),
  ]

  @Test("variables turn the token cooldown on and change it", arguments: cooldowns)
  func cooldown(yaml: String, environment: [String: String], tokens: Int?, seconds: Int?) throws {
    let cooldown = try Sample.decode(yaml + Sample.provider, environment: environment).cooldown
    #expect(cooldown?.tokens == tokens)
    #expect(cooldown?.duration == seconds.map { .seconds($0) })
  }

  @Test(
    "refuses a cooldown variable that is no number",
    arguments: [
      ("TOKEN_COOLDOWN_THRESHOLD", "many"), ("TOKEN_COOLDOWN_THRESHOLD", "0"),
      ("TOKEN_COOLDOWN_THRESHOLD", "-5"),
      ("TOKEN_COOLDOWN_THRESHOLD", "1.5"), ("COOLDOWN_DURATION_SECONDS", "soon"),
      ("COOLDOWN_DURATION_SECONDS", "0"),
      ("COOLDOWN_DURATION_SECONDS", "-1"), ("COOLDOWN_DURATION_SECONDS", "1000000"),
    ])
  func badCooldown(name: String, value: String) {
    let errors = Sample.errors(Sample.provider, environment: [name: value])
    #expect(errors.count == 1)
    #expect(errors.first?.hasPrefix("\(name): must be a") == true, "\(errors)")
  }
}
