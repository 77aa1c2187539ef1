import GatewayTypes

extension PriceMapEntry {
  /// The model as an entry of `providers:`, to which the operator adds address and key; nil when its
  /// prices are not fit for a bill, which `warnings` then say.
  mutating func yaml() -> String? {
    guard !isUnusable, let input = rates.input, let output = rates.output else { return nil }
    guard let model = modelName else {
      fail("the name is none that 'model:' takes")
      return nil
    }
    var lines = ["  - name: \(providerName)", "    model: \(model.quotedForYAML)"]
    if let maxInputTokens, maxInputTokens > 0 { lines.append("    context_window: \(maxInputTokens)") }
    if let maxOutputTokens, maxOutputTokens > 0 { lines.append("    max_output_tokens: \(maxOutputTokens)") }
    lines += PriceMapEntry.lines(of: rates, input: input, output: output).map { "    " + $0 }
    if let requestFee { lines.append("    cost_per_request: \(requestFee)") }
    if !tiers.isEmpty { lines.append("    above_tokens:") }
    for (threshold, tier) in tiers.sorted(by: { $0.key < $1.key }) {
      lines.append("      - threshold: \(threshold)")
      // What the map does not price anew above a threshold costs what it costs below.
      let filled = tier.filled(from: rates)
      lines += PriceMapEntry.lines(of: filled, input: filled.input ?? input, output: filled.output ?? output)
        .map { "        " + $0 }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func lines(of rates: Rates, input: Money, output: Money) -> [String] {
    let parts: [(String, Money?)] = [
      ("input", input), ("output", output), ("cached_input", rates.cacheRead),
      ("cache_write", rates.cacheWrite), ("cache_write_1h", rates.cacheWriteOneHour),
      ("reasoning", rates.reasoning),
    ]
    return parts.compactMap { part, price in
      price.map { "\(part)_cost_per_million_tokens: \($0.times(.millionTokens))" }
    }
  }

  /// Who serves it, as a name that the configuration takes.
  private var providerName: String {
    guard let provider, Identifier.problem(provider) == nil else { return "provider" }
    return provider
  }

  /// The model's name without the provider's before it; nil for one that the configuration would refuse.
  private var modelName: String? {
    var model = name[...]
    if let provider, model.hasPrefix(provider + "/") { model = model.dropFirst(provider.count + 1) }
    return ProviderConfiguration.isModelName(String(model)) ? String(model) : nil
  }
}

extension PriceMapEntry.Rates {
  /// With the prices of `base` where this one has none.
  fileprivate func filled(from base: Self) -> Self {
    Self(
      input: input ?? base.input, output: output ?? base.output, cacheRead: cacheRead ?? base.cacheRead,
      cacheWrite: cacheWrite ?? base.cacheWrite,
      cacheWriteOneHour: cacheWriteOneHour ?? base.cacheWriteOneHour, reasoning: reasoning ?? base.reasoning)
  }
}

extension String {
  /// As a plain YAML scalar where that can only be this text, else between single quotes.
  fileprivate var quotedForYAML: String {
    let isPlain = utf8.allSatisfy { $0.isASCIILetterOrDigit || "._-/".utf8.contains($0) }
    let startsPlain = utf8.first.map { $0.isASCIILetterOrDigit } ?? false
    // A quote is written twice.
    return isPlain && startsPlain && lowercased() != "null" ? self : "'\(replacing("'", with: "''"))'"
  }
}
