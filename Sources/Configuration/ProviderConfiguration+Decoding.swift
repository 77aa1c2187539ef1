import GatewayTypes

extension ProviderConfiguration {
  /// Reads one entry of `providers`. What is wrong is reported; the value is then only a placeholder.
  /// The id is still the name: whether the name repeats is known once all entries are read.
  init(reading section: inout SectionReader) {
    let kind = section.choice("kind", of: ProviderKind.self) ?? .openai
    let name = section.identifier("name").text
    self.init(
      name: name, model: ProviderConfiguration.model(&section, kind: kind, name: name),
      prices: PriceReader.read(&section) ?? .free)
    self.kind = kind
    demoOnly = section.flag("demo_only") ?? false
    readKey(&section)
    readAddress(&section)
    readHeaders(&section)
    readLimits(&section)
    readRanking(&section)
    readMock(&section)
  }

  private static func model(_ section: inout SectionReader, kind: ProviderKind, name: String) -> String {
    guard section.entry("model") != nil else {
      if kind != .mock { section.report("\(section.name) has no model; add 'model: …'", at: section.mark) }
      return name
    }
    guard let model = section.text("model") else { return "" }
    guard isModelName(model.text) else {
      section.report("model must be a model's name without spaces, found \(model.quoted)", at: model.mark)
      return ""
    }
    return model.text
  }

  /// Whether `text` may stand in JSON, in ids, and for some providers in the URL.
  static func isModelName(_ text: String) -> Bool {
    let isPlain = text.utf8.allSatisfy { $0.isVisibleASCII && !#""\?#%<>"#.utf8.contains($0) }
    return isPlain && !text.isEmpty && text.utf8.count <= 256 && text != "auto"
  }

  private mutating func readKey(_ section: inout SectionReader) {
    let written = section.secret("api_key")
    let inFile = section.secretFile("api_key_file")
    let listed = section.secrets("api_keys")
    // A mock calls nobody, so no key can be missing.
    guard kind != .mock else { return }
    let given = ["api_key", "api_key_file", "api_keys"].filter { section.entry($0) != nil }
    guard given.count <= 1 else {
      section.report(
        "\(given[0]) and \(given[1]) are both given; keep one", at: section.place(of: given[1]))
      return
    }
    if let listed { return readKeys(listed, &section) }
    for reading in [written, inFile] {
      switch reading {
      case .none: break
      case .set(let secret):
        apiKeys = [secret]
        needsKey = true
      case .missing(let reason):
        disabledReason = reason
        needsKey = true
      }
    }
  }

  /// More keys than this are hardly meant.
  private static let keyLimit = 64

  /// A key of a list whose variable is not set is left out; without any the provider is disabled.
  private mutating func readKeys(_ listed: [SecretReading], _ section: inout SectionReader) {
    let mark = section.place(of: "api_keys")
    needsKey = true
    if listed.isEmpty { section.report("api_keys has no key; add some, or remove it", at: mark) }
    if listed.count > Self.keyLimit { section.report("more than \(Self.keyLimit) api_keys", at: mark) }
    var reasons: [String] = []
    for reading in listed {
      switch reading {
      case .none: break
      case .set(let secret) where apiKeys.contains(secret):
        section.report("api_keys has the same key twice; remove one", at: mark)
      case .set(let secret): apiKeys.append(secret)
      case .missing(let reason): reasons.append(reason)
      }
    }
    guard !reasons.isEmpty else { return }
    if apiKeys.isEmpty {
      disabledReason = reasons.joined(separator: ", ")
    } else {
      for reason in reasons {
        section.context.diagnostics.warn(
          "api_keys of '\(name)': \(reason); it goes without that key", at: mark)
      }
    }
  }

  private mutating func readAddress(_ section: inout SectionReader) {
    let base = ProviderConfiguration.address("base_url", &section)
    let whole = ProviderConfiguration.address("endpoint", &section)
    let (hasBase, hasWhole) = (section.entry("base_url") != nil, section.entry("endpoint") != nil)
    guard kind != .mock else { return }
    switch (hasBase, hasWhole) {
    case (true, true):
      section.report("endpoint and base_url are both given; keep one", at: section.place(of: "endpoint"))
    case (false, false):
      section.report(
        "\(section.name) has no address; add 'base_url: https://…' (or 'endpoint', the full URL of the chat call)",
        at: section.mark)
    case (_, true) where kind == .gemini:
      section.report(
        "endpoint is not for kind gemini, whose URL holds the model; use base_url",
        at: section.place(of: "endpoint"))
    case (true, false), (false, true):
      baseURL = base?.text
      endpoint = whole?.text
    }
    guard let address = base ?? whole, needsKey && !address.isEncrypted && !HostName.isLoopback(address.host)
    else {
      return
    }
    section.context.diagnostics.warn(
      "the key of '\(name)' is sent unencrypted to \(address.host); use https",
      at: section.place(of: hasBase ? "base_url" : "endpoint"))
  }

  private static func address(_ key: String, _ section: inout SectionReader) -> ProviderAddress? {
    guard let scalar = section.text(key) else { return nil }
    do throws(ProviderAddress.Problem) {
      return try ProviderAddress(scalar.text, allowsQuery: key == "endpoint")
    } catch {
      // The address itself is not repeated: it may hold a password.
      section.report("\(key) \(error.rawValue)", at: scalar.mark)
      return nil
    }
  }

  private mutating func readHeaders(_ section: inout SectionReader) {
    let hasKey = needsKey
    headers =
      section.section("headers") { section in
        let entries = section.allEntries()
        if entries.count > HeaderRules.countLimit {
          section.report("more than \(HeaderRules.countLimit) headers", at: section.mark)
        }
        var headers: [(name: String, value: Secret)] = []
        for entry in entries.prefix(HeaderRules.countLimit) {
          let name = entry.key.lowercased()
          guard let scalar = section.context.scalar(entry.value, label: "headers.\(entry.key)") else {
            continue
          }
          let isRepeated = headers.contains { $0.name == name }
          let problem =
            isRepeated
            ? "is written twice; remove one"
            : HeaderRules.problem(name: name, hasKey: hasKey) ?? HeaderRules.problem(value: scalar.text)
          if let problem {
            section.report("header \(entry.key.keyForMessage) \(problem)", at: entry.keyMark)
          } else {
            headers.append((name, Secret(scalar.text)))
          }
        }
        return headers
      } ?? []
  }

  private mutating func readLimits(_ section: inout SectionReader) {
    timeout = section.duration("timeout")
    firstTokenTimeout = section.duration("first_token_timeout")
    idleTimeout = section.duration("idle_timeout")
    retries = section.integer("retries", in: 0...10) ?? retries
    rateLimitRequestsPerMinute = section.integer("rate_limit_rpm", in: 1...1_000_000_000)
    rateLimitTokensPerMinute = section.integer("rate_limit_tpm", in: 1...1_000_000_000_000)
    maxConcurrency = section.integer("max_concurrency", in: 1...1_000_000)
    maxQueue = section.integer("max_queue", in: 0...10_000) ?? maxQueue
    if maxConcurrency == nil, let entry = section.entry("max_queue") {
      section.context.diagnostics.warn("max_queue has no effect without max_concurrency", at: entry.keyMark)
    }
    contextWindow = section.integer("context_window", in: 1...1_000_000_000)
    maxOutputTokens = section.integer("max_output_tokens", in: 1...1_000_000_000)
    maxImageTokens = section.integer("max_image_tokens", in: 1...1_000_000_000)
  }

  private mutating func readRanking(_ section: inout SectionReader) {
    priority = section.integer("priority", in: -1_000_000...1_000_000) ?? priority
    if let weight = section.number("weight", in: 0...1_000_000) {
      // One above 0 is never rounded to the last resort.
      weightThousandths = weight == 0 ? 0 : max(1, Int((weight * 1_000).rounded()))
    }
    specialties = section.texts("specialties")?.map(\.text) ?? specialties
    // Only the order counts, so a scale of ten or a hundred serves as well as one.
    qualityScore = section.number("quality_score", in: 0...100) ?? qualityScore
    latencyMilliseconds = section.integer("latency_ms", in: 0...3_600_000)
  }

  private mutating func readMock(_ section: inout SectionReader) {
    if let behavior = section.choice("behavior", of: MockBehavior.self) { mockBehavior = behavior }
    mockReply = section.scalar("reply")?.text
    let (foreign, others) =
      kind == .mock
      ? (
        ["api_key", "api_key_file", "api_keys", "base_url", "endpoint", "headers"],
        "has no effect: a mock calls nobody"
      )
      : (["behavior", "reply"], "is only for 'kind: mock'; remove it")
    for key in foreign {
      guard let entry = section.entry(key) else { continue }
      let message = "\(key) \(others)"
      if kind == .mock {
        section.context.diagnostics.warn(message, at: entry.keyMark)
      } else {
        section.report(message, at: entry.keyMark)
      }
    }
  }
}
