import Glibc
import Testing

@testable import Configuration

@Suite("The configuration's folder")
struct ConfigurationFolderTests {
  private func errors(_ path: String) -> String {
    do throws(ConfigurationErrors) {
      _ = try ProvidersFile.load(path: path, environment: [:])
      return ""
    } catch {
      return error.description
    }
  }

  @Test("a file that cannot be read is named with what to do")
  func unreadable() {
    let folder = TemporaryFolder()
    folder.write("", to: "empty.yaml")
    folder.write(String(repeating: "#", count: ProvidersFile.sizeLimit + 1), to: "large.yaml")
    mkfifo(folder.path + "pipe", 0o600)
    defer { unlink(folder.path + "pipe") }
    #expect(
      errors(folder.path + "none.yaml")
        == "\(folder.path)none.yaml: no such file; give its path with --config, or start in the folder that holds it"
    )
    #expect(errors(folder.path).contains("is a folder, not a file; give the path of a providers.yaml"))
    #expect(errors(folder.path + "empty.yaml/x").contains("no such file"))
    #expect(errors(folder.path + "pipe").contains("is not a regular file"))
    #expect(errors(folder.path + "large.yaml").contains("is larger than 1048576 bytes"))
    #expect(errors(folder.path + "empty.yaml").contains("empty.yaml:1:1: the file is empty"))
  }

  @Test("keys come from .env beside the file, and the process's environment stands above it")
  func environmentFile() throws {
    let folder = TemporaryFolder()
    folder.write(Sample.provider("free: true", "api_key: ${TOLLGATE_A}"), to: "providers.yaml")
    folder.write("TOLLGATE_A=from-file\nTOKEN_COOLDOWN_THRESHOLD=50\n", to: ".env")
    let path = folder.path + "providers.yaml"
    let alone = try ProvidersFile.load(path: path, environment: [:])
    #expect(alone.providers[0].apiKey == Secret("from-file"))
    #expect(alone.cooldown?.tokens == 50)
    #expect(alone.warnings.isEmpty)
    let above = try ProvidersFile.load(path: path, environment: ["TOLLGATE_A": "from-process"])
    #expect(above.providers[0].apiKey == Secret("from-process"))
    #expect(try ProvidersFile.load(path: path, environment: ["TOLLGATE_A": ""]).providers[0].apiKey == nil)
  }

  @Test("errors in .env and in the file are reported together")
  func bothErrors() {
    let folder = TemporaryFolder()
    folder.write(Sample.provider("free: maybe"), to: "providers.yaml")
    folder.write("A=1\nnonsense\n", to: ".env")
    let lines = errors(folder.path + "providers.yaml").split(separator: "\n")
    #expect(lines.first == "\(folder.path).env:2: expected NAME=value, a comment or a blank line")
    #expect(lines.dropFirst().first?.contains("providers.yaml:5:11: free must be true or false") == true)
  }

  @Test("a .env that is a folder is an error, not an empty one")
  func environmentFolder() {
    let folder = TemporaryFolder()
    folder.write(Sample.provider, to: "providers.yaml")
    mkdir(folder.path + ".env", 0o700)
    defer { rmdir(folder.path + ".env") }
    #expect(
      errors(folder.path + "providers.yaml").contains(
        ".env: is a folder, not a file; mend it or move it away"))
  }

  @Test("a file of keys that everyone may read is a warning")
  func worldReadable() throws {
    let folder = TemporaryFolder()
    folder.write(Sample.provider("free: true", "api_key_file: key.txt"), to: "providers.yaml")
    folder.write("A=1\n", to: ".env", mode: 0o644)
    folder.write("key-text\n", to: "key.txt", mode: 0o644)
    let warnings = try ProvidersFile.load(path: folder.path + "providers.yaml", environment: [:]).warnings
    #expect(warnings.count == 2)
    #expect(warnings[0].contains(".env: every account of this machine can read the keys"))
    #expect(warnings[1].contains("providers.yaml:6:19: api_key_file 'key.txt': every account"))
  }

  static let keyFiles: [(text: String?, key: String?, reason: String?)] = [
    ("gsk-1", "gsk-1", nil), (" gsk-1 \r\n\n", "gsk-1", nil), ("", nil, "the api_key_file is empty"),
    (" \n", nil, "the api_key_file is empty"), (nil, nil, "the api_key_file does not exist"),
  ]

  @Test("a provider's key may stand in a file of its own", arguments: keyFiles)
  func keyFile(text: String?, key: String?, reason: String?) throws {
    let folder = TemporaryFolder()
    folder.write(Sample.provider("free: true", "api_key_file: key.txt"), to: "providers.yaml")
    if let text { folder.write(text, to: "key.txt") }
    let provider = try ProvidersFile.load(path: folder.path + "providers.yaml", environment: [:]).providers[0]
    #expect(provider.apiKey?.text == key)
    #expect(provider.disabledReason == reason)
    #expect(provider.needsKey)
  }

  @Test("a file of two keys, and two sources of one, are errors")
  func badKeyFile() {
    let folder = TemporaryFolder()
    folder.write(Sample.provider("free: true", "api_key_file: key.txt"), to: "providers.yaml")
    folder.write("gsk-1\ngsk-2\n", to: "key.txt")
    #expect(
      errors(folder.path + "providers.yaml").contains(
        ":6:19: api_key_file must be at most 4096 ASCII characters"))
    folder.write("gsk-1\n", to: "key.txt")
    folder.write(
      Sample.provider("free: true", "api_key_file: key.txt", "api_key: ${NONE}"), to: "providers.yaml")
    #expect(
      errors(folder.path + "providers.yaml").contains("api_key and api_key_file are both given; keep one"))
    folder.write(Sample.provider("free: true", "api_key_file: ."), to: "providers.yaml")
    #expect(errors(folder.path + "providers.yaml").contains("api_key_file '.' is a folder, not a file"))
  }

  @Test("what is allowed but hardly meant is a warning")
  func warnings() throws {
    let yaml = """
      providers:
        - {name: a, base_url: http://models.example/v1, model: m, free: true, api_key: secret-key}
        - {name: b, base_url: http://127.0.0.1:11434/v1, model: m, free: true, api_key: secret-key}
        - {name: c, kind: mock, free: true, base_url: https://a.b}
      """
    let warnings = try Sample.decode(yaml, environment: ["COOLDOWN_DURATION_SECONDS": "5"]).warnings
    #expect(warnings.count == 3)
    #expect(
      warnings[0].hasPrefix("providers.yaml:2:25: the key of 'a' is sent unencrypted to models.example"))
    #expect(warnings[1].hasPrefix("providers.yaml:4:39: base_url has no effect"))
    #expect(warnings[2].hasPrefix("COOLDOWN_DURATION_SECONDS: has no effect"))
  }
}
