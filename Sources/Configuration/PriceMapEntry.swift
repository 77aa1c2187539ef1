import GatewayTypes
import JSON

/// One model of a price map: its prices, read from the digits in the text, and what could not be.
struct PriceMapEntry {
  /// The prices of one context size, of those that the map gives.
  struct Rates {
    var input: Money?
    var output: Money?
    var cacheRead: Money?
    var cacheWrite: Money?
    var cacheWriteOneHour: Money?
    var reasoning: Money?
  }

  let name: String
  /// Who serves the model, in the map's words.
  private(set) var provider: String?
  private(set) var rates = Rates()
  private(set) var requestFee: Money?
  /// Threshold → the prices above it.
  private(set) var tiers: [Int: Rates] = [:]
  private(set) var maxInputTokens: Int?
  private(set) var maxOutputTokens: Int?
  private var mode: String?
  /// What was left out and why.
  private(set) var warnings: [String] = []
  /// Whether a price that would be billed by is missing or cannot be read.
  private(set) var isUnusable = false

  init(name: String, value: JSONNode, in document: JSONDocument) {
    self.name = name
    guard document.kind(of: value) == .object else {
      fail("expected an object, found \(document.kind(of: value).phrase)")
      return
    }
    var unknown: [String] = []
    for (key, value) in document.members(of: value) where !document.isNull(value) {
      guard let key = document.string(key) else { continue }
      switch key {
      case "litellm_provider": provider = document.string(value)
      case "mode": mode = document.string(value)
      case "max_input_tokens": maxInputTokens = document.int(value)
      case "max_output_tokens": maxOutputTokens = document.int(value)
      default:
        guard let field = Field(key: key) else {
          if key.contains("cost") { unknown.append(key) }
          continue
        }
        guard let price = price(key, value, in: document) else { continue }
        set(field, to: price)
      }
    }
    if mode == "embedding" && rates.output == nil { rates.output = .zero }
    if !unknown.isEmpty {
      warn("not taken over, as nothing is billed by it: \(unknown.joined(separator: ", "))")
    }
    checkCompleteness()
  }

  private mutating func set(_ field: Field, to price: Money) {
    switch (field.part, field.threshold) {
    case (nil, _): requestFee = price
    case (let part?, nil): rates[keyPath: part] = price
    case (let part?, let threshold?): tiers[threshold, default: Rates()][keyPath: part] = price
    }
  }

  /// The price that a number's text says exactly, so that no digit goes through binary; nil when it is none.
  private mutating func price(_ key: String, _ value: JSONNode, in document: JSONDocument) -> Money? {
    let text = String(decoding: document.bytes[document.range(of: value)], as: UTF8.self)
    guard document.kind(of: value) == .number else {
      fail("\(key) must be a number, found \(document.kind(of: value).phrase)")
      return nil
    }
    do throws(Money.DecimalError) {
      let price = try Money(decimal: text)
      let unit: PriceReader.Unit = key == Field.requestFeeKey ? .request : .oneToken
      if price < .zero {
        fail("\(key) \(text) is negative")
      } else if price > unit.usualCeiling {
        fail("\(key) \(text) is above the usual \(unit.usualCeiling) USD per \(unit.name)")
      } else {
        return price
      }
    } catch {
      switch error {
      case .notExact: fail("\(key) \(text) is finer than the smallest step, 0.000000000001 USD")
      case .outOfRange, .notANumber: fail("\(key) \(text) is too large to be a price")
      }
    }
    return nil
  }

  private mutating func checkCompleteness() {
    guard !isUnusable else { return }
    switch (rates.input, rates.output) {
    case (nil, nil): fail("it has no price per token")
    case (nil, _?): fail("it has no input_cost_per_token")
    case (_?, nil): fail("it has no output_cost_per_token")
    case (let input?, let output?):
      if input == .zero && output == .zero && requestFee ?? .zero == .zero {
        warn("costs nothing, says the map; see whether it is so")
      }
    }
  }

  /// Without this price the bill would be wrong, so the model is not written at all.
  mutating func fail(_ reason: String) {
    isUnusable = true
    warn("left out: \(reason)")
  }

  private mutating func warn(_ text: String) {
    warnings.append("\(name.quotedForMessage): \(text)")
  }
}

extension PriceMapEntry {
  /// Which price a key of the map gives.
  struct Field {
    static let requestFeeKey = "input_cost_per_request"

    /// Nil is the fee per request.
    var part: WritableKeyPath<Rates, Money?>?
    /// The input tokens above which the price holds; nil is from the first on.
    var threshold: Int?

    /// Nil for a key that is no price we bill by.
    init?(key: String) {
      guard key != Field.requestFeeKey else { return }
      var base = key[...]
      // `…_above_200k_tokens`
      if key.hasSuffix("k_tokens"), let mark = key.ranges(of: "_above_").last {
        guard let thousands = Int(key[mark.upperBound...].dropLast("k_tokens".count)),
          (1...1_000_000).contains(thousands)
        else { return nil }
        threshold = thousands * 1000
        base = key[..<mark.lowerBound]
      }
      switch base {
      case "input_cost_per_token": part = \.input
      case "output_cost_per_token": part = \.output
      case "cache_read_input_token_cost": part = \.cacheRead
      case "cache_creation_input_token_cost": part = \.cacheWrite
      case "cache_creation_input_token_cost_above_1hr": part = \.cacheWriteOneHour
      case "output_cost_per_reasoning_token": part = \.reasoning
      default: return nil
      }
    }
  }
}
