package import Accounting
import GatewayTypes
import JSON
package import Routing

/// Which providers there were, with what a decision depends on: what a configuration file comes to for the
/// router. Written once into each file of decisions, and named by each of its lines.
package struct DecisionHeading: Sendable {
  package let candidates: [Candidate]
  package let limits: [CallLimits]
  package let policy: RoutingPolicy
  /// All of them, for the many decisions in which all are candidates.
  let roster: Roster

  package init(candidates: [Candidate], limits: [CallLimits], policy: RoutingPolicy) {
    precondition(candidates.count == limits.count, "every provider has its limits")
    self.candidates = candidates
    self.limits = limits
    self.policy = policy
    roster = Roster(candidates: candidates)
  }

  /// The heading as it is written; its key is a hash of what it says.
  package var line: DecisionLog.Heading {
    var writer = JSONWriter(reserveCapacity: 512 * (candidates.count + 1))
    writer.beginObject()
    writer.member("boost", policy.boostPerThousand)
    writer.key("providers")
    writer.beginArray()
    for (candidate, limits) in zip(candidates, limits) { writer.provider(candidate, limits) }
    writer.endArray()
    writer.endObject()
    let key = writer.bytes.fnv1a
    let line = Self.beginning(key) + [UInt8(ascii: ",")] + writer.bytes.dropFirst() + [UInt8(ascii: "\n")]
    return DecisionLog.Heading(key: key, line: line)
  }

  /// What the line of the heading `key` begins with.
  static func beginning(_ key: UInt64) -> [UInt8] {
    var bytes = Array(#"{"heading":"#.utf8)
    bytes.append(addingCapacity: 18) { $0.put(key: key) }
    return bytes
  }

  /// Reads a line; nil when it is no heading.
  package init?(line: [UInt8]) {
    guard let document = try? JSONDocument(parsing: line),
      document.member("heading", of: document.root) != nil,
      let boost = document.number("boost", of: document.root),
      let providers = document.member("providers", of: document.root)
    else { return nil }
    var (candidates, limits): ([Candidate], [CallLimits]) = ([], [])
    for provider in document.elements(of: providers) {
      guard let candidate = document.candidate(provider) else { return nil }
      candidates.append(candidate)
      limits.append(
        CallLimits(
          requestsPerMinute: document.number("rpm", of: provider),
          tokensPerMinute: document.number("tpm", of: provider),
          concurrency: document.number("concurrency", of: provider)))
    }
    self.init(
      candidates: candidates, limits: limits, policy: RoutingPolicy(intentBoost: Double(boost) / 1000))
  }
}

extension JSONWriter {
  fileprivate mutating func provider(_ candidate: Candidate, _ limits: CallLimits) {
    beginObject()
    member("id", candidate.id.text)
    member("name", candidate.name)
    member("model", candidate.model)
    member("priority", candidate.priority)
    key("tokens")
    tokens(candidate.prices.tokens)
    member("fee", candidate.prices.requestFee.clamped)
    key("tiers")
    beginArray()
    for tier in candidate.prices.tiers {
      beginObject()
      member("above", tier.threshold)
      key("tokens")
      tokens(tier.tokens)
      endObject()
    }
    endArray()
    optional("context_window", candidate.contextWindow)
    optional("max_output_tokens", candidate.maxOutputTokens)
    member("intents", Int(candidate.intents.rawValue))
    member("quality", Int((candidate.qualityScore * 1e6).rounded()))
    member("weight", candidate.weightThousandths)
    optional("latency_ns", candidate.latency.map { Int($0.wholeNanoseconds) })
    member("capabilities", Int(candidate.capabilities.rawValue))
    member("enabled", candidate.isEnabled)
    optional("rpm", limits.requestsPerMinute)
    optional("tpm", limits.tokensPerMinute)
    optional("concurrency", limits.concurrency)
    endObject()
  }

  /// 10⁻¹² USD each: input, output, cache read, cache write, cache write for an hour, reasoning.
  private mutating func tokens(_ prices: TokenPrices) {
    beginArray()
    for price in [
      prices.input, prices.output, prices.cacheRead, prices.cacheWrite, prices.cacheWriteOneHour,
      prices.reasoning,
    ] { value(price.clamped) }
    endArray()
  }

  private mutating func optional(_ key: StaticString, _ number: Int?) {
    if let number { member(key, number) }
  }
}

extension JSONDocument {
  /// A whole number; nil when it is absent or no such number.
  func number(_ key: StaticString, of node: JSONNode) -> Int? {
    member(key, of: node).flatMap { int($0) }
  }

  func text(_ key: StaticString, of node: JSONNode) -> String? {
    member(key, of: node).flatMap { string($0) }
  }

  /// The whole numbers of an array; nil when one is none.
  func numbers(_ node: JSONNode) -> [Int]? {
    var numbers: [Int] = []
    for element in elements(of: node) {
      guard let number = int(element) else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  fileprivate func candidate(_ node: JSONNode) -> Candidate? {
    guard let id = text("id", of: node), let name = text("name", of: node),
      let model = text("model", of: node), let tokens = member("tokens", of: node).flatMap({ tokens($0) }),
      let fee = number("fee", of: node), let quality = number("quality", of: node),
      let intents = number("intents", of: node), let capabilities = number("capabilities", of: node)
    else { return nil }
    var tiers: [Prices.ContextTier] = []
    for tier in member("tiers", of: node).map({ elements(of: $0) }) ?? elements(of: node) {
      guard let threshold = number("above", of: tier),
        let tokens = member("tokens", of: tier).flatMap({ self.tokens($0) })
      else { return nil }
      tiers.append(Prices.ContextTier(above: threshold, tokens: tokens))
    }
    let priority = number("priority", of: node) ?? 0
    let weight = number("weight", of: node) ?? 1_000
    // Prices and priorities that a file can have; sums and neighbours of such numbers do not overflow.
    guard Set(tiers.map(\.threshold)).count == tiers.count, priority.magnitude <= 1 << 60, fee >= 0,
      quality >= 0, (0...Candidate.largestWeight).contains(weight)
    else { return nil }
    return Candidate(
      id: ProviderID(id), name: name, model: model,
      prices: Prices(tokens, requestFee: Money(picodollars: Int128(fee)), tiers: tiers),
      priority: priority, contextWindow: number("context_window", of: node),
      maxOutputTokens: number("max_output_tokens", of: node),
      intents: IntentSet(rawValue: UInt8(truncatingIfNeeded: intents)), qualityScore: Double(quality) / 1e6,
      latency: number("latency_ns", of: node).map { .nanoseconds($0) }, weightThousandths: weight,
      capabilities: CapabilitySet(rawValue: UInt8(truncatingIfNeeded: capabilities)),
      isEnabled: member("enabled", of: node).flatMap { bool($0) } ?? true)
  }

  private func tokens(_ node: JSONNode) -> TokenPrices? {
    guard let prices = numbers(node)?.map({ Money(picodollars: Int128($0)) }), prices.count == 6 else {
      return nil
    }
    return TokenPrices(
      input: prices[0], output: prices[1], cacheRead: prices[2], cacheWrite: prices[3],
      cacheWriteOneHour: prices[4], reasoning: prices[5])
  }
}

extension Money {
  /// In 10⁻¹² USD; prices go up to 10¹⁵ of those, and an expected cost beyond 9 million dollars is cut there.
  fileprivate var clamped: Int { Int(clamping: picodollars) }
}

extension [UInt8] {
  /// FNV-1a of 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/).
  fileprivate var fnv1a: UInt64 {
    reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
