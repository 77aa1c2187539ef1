import GatewayTypes
import Glibc

/// One pass over a line as `UsageRecord.appendLine` writes it. False at the first byte that differs,
/// a name with an escape in it included; a reader of any JSON takes it from there.
struct LedgerCursor {
  private let base: UnsafePointer<UInt8>
  private let end: Int
  private var index = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    // An empty line has no first byte to compare, so no address is ever read.
    base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? UnsafePointer(bitPattern: 1)!
    end = bytes.count
  }

  /// Reads a whole line; `line` holds the request only when this is true.
  mutating func readRequest(into line: inout LedgerLine) -> Bool {
    guard literal(#"{"time":""#), let time = time(&line.minute), literal(#"","id":"#), let id = name(), let id
    else {
      return false
    }
    line.time = time
    line.id = id
    return readParties(into: &line) && readTokens(into: &line) && readCourse(into: &line)
      && readTags(into: &line) && readEnd(into: &line)
  }

  private mutating func readParties(into line: inout LedgerLine) -> Bool {
    guard literal(#","surface":"#), let surface = name(), literal(#","user":"#), let user = name(),
      literal(#","key":"#), let key = name(), literal(#","provider":"#), let provider = name(),
      literal(#","model":"#), let model = name(), literal(#","status":"#), let status = name(), let status,
      let known = UsageRecord.Status(status), literal(#","http_status":"#), let httpStatus = integerOrNull()
    else { return false }
    line.surface = surface
    line.user = user
    line.key = key
    line.provider = provider
    line.model = model
    line.status = known
    line.httpStatus = httpStatus
    return true
  }

  private mutating func readTokens(into line: inout LedgerLine) -> Bool {
    guard literal(#","prompt_tokens":"#), let input = integer(), literal(#","cached_tokens":"#),
      let cacheRead = integer()
    else { return false }
    var cacheWrite = 0
    if literal(#","cache_write_tokens":"#) {
      guard let count = integer() else { return false }
      cacheWrite = count
    }
    guard literal(#","completion_tokens":"#), let output = integer(), literal(#","reasoning_tokens":"#),
      let reasoning = integer(), literal(#","total_tokens":"#), let total = integer(),
      total == input + output,
      literal(#","cost_usd":""#), let cost = amount(), literal(#"","estimated":"#),
      let isEstimated = boolean()
    else { return false }
    line.usage = TokenUsage(
      uncachedInput: input - cacheRead - cacheWrite, cacheRead: cacheRead, cacheWrite: cacheWrite,
      output: output, reasoning: reasoning, isEstimated: isEstimated)
    line.cost = cost
    return true
  }

  private mutating func readCourse(into line: inout LedgerLine) -> Bool {
    guard literal(#","latency_ms":"#), let latency = integerOrNull(), literal(#","ttft_ms":"#),
      integerOrNull() != nil, literal(#","attempts":"#), integer() != nil, literal(#","fallbacks":["#)
    else { return false }
    if !line.fallbacks.isEmpty { line.fallbacks.removeAll(keepingCapacity: true) }
    while !literal("]") {
      guard line.fallbacks.isEmpty || literal(","), let name = name(), let name else { return false }
      line.fallbacks.append(name)
    }
    guard literal(#","intent":"#), let intent = name(), literal(#","stream":"#), let isStream = boolean()
    else { return false }
    line.latencyMilliseconds = latency
    line.intent = intent
    line.isStream = isStream
    return true
  }

  private mutating func readTags(into line: inout LedgerLine) -> Bool {
    if !line.tags.isEmpty { line.tags.removeAll(keepingCapacity: true) }
    guard literal(#","tags":{"#) else { return false }
    while !literal("}") {
      guard line.tags.isEmpty || literal(","), let name = name(), let name, literal(":"),
        let value = self.name(), let value
      else { return false }
      line.tags.append((name, value))
    }
    return true
  }

  /// What comes behind the tags: all of it optional.
  private mutating func readEnd(into line: inout LedgerLine) -> Bool {
    line.saved = .zero
    if literal(#","cache_write_1h_tokens":"#) {
      guard let count = integer(), count <= line.usage.cacheWrite else { return false }
      line.usage.cacheWriteOneHour = count
    }
    if literal(#","saved_usd":""#) {
      guard let saved = amount(), literal("\"") else { return false }
      line.saved = saved
    }
    if literal(#","content":{"prompt":"#) {
      guard name() != nil, literal(#","response":"#), name() != nil, literal("}") else { return false }
    }
    if literal(#","chain":"#) { guard name() != nil else { return false } }
    return literal("}") && index == end
  }
}

extension LedgerCursor {
  /// Inlined, so that a text's bytes are compared a few words at a time and no function is called.
  @inline(__always)
  private mutating func literal(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard end - index >= count, memcmp(base + index, text.utf8Start, count) == 0 else { return false }
    index += count
    return true
  }

  private mutating func time(_ minute: inout MinuteText) -> Timestamp? {
    guard end - index >= Timestamp.textSize else { return nil }
    let text = UnsafeRawBufferPointer(start: base + index, count: Timestamp.textSize)
    guard let time = minute.time(text) else { return nil }
    index += Timestamp.textSize
    return time
  }

  /// A string without escapes, or null; nil when it is neither.
  private mutating func name() -> LedgerLine.Name?? {
    guard index < end else { return nil }
    guard base[index] == UInt8(ascii: "\"") else {
      return literal("null") ? .some(nil) : nil
    }
    var next = endOfPlainWords(from: index + 1)
    while next < end {
      let byte = base[next]
      if byte == UInt8(ascii: "\"") {
        let name = LedgerLine.Name(start: base + index + 1, count: next - index - 1)
        index = next + 1
        return .some(name)
      }
      guard byte != UInt8(ascii: "\\"), byte >= 0x20 else { return nil }
      next += 1
    }
    return nil
  }

  /// The first place from `start` on in whose eight bytes a name ends or has an escape, or the last one with
  /// fewer than eight behind it.
  ///
  /// In `word ^ quotes` a quote is a zero byte, and subtracting one from each byte sets the top bit of a zero
  /// byte; subtracting 0x20 sets that of a control character. Bytes above ASCII have it set anyhow.
  private func endOfPlainWords(from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var next = start
    while next + 8 <= end {
      let word = UnsafeRawPointer(base + next).loadUnaligned(as: UInt64.self)
      let quotes = (word ^ (ones &* 0x22)) &- ones
      let backslashes = (word ^ (ones &* 0x5C)) &- ones
      let marks = quotes | backslashes | (word &- (ones &* 0x20)) | word
      guard marks & (ones &* 0x80) == 0 else { return next }
      next += 8
    }
    return next
  }

  /// A whole number that is not negative, of at most 18 digits.
  private mutating func integer() -> Int? {
    let start = index
    guard let value = digits(), base[start] != UInt8(ascii: "0") || index == start + 1 else { return nil }
    return value
  }

  /// What 1 to 18 digits say.
  private mutating func digits() -> Int? {
    let start = index
    var value = 0
    while index < end, base[index] &- UInt8(ascii: "0") < 10, index - start < 18 {
      value = value &* 10 &+ Int(base[index] &- UInt8(ascii: "0"))
      index += 1
    }
    return index > start ? value : nil
  }

  private mutating func integerOrNull() -> Int?? {
    literal("null") ? .some(nil) : integer().map { .some($0) }
  }

  private mutating func boolean() -> Bool? {
    literal("true") ? true : literal("false") ? false : nil
  }

  /// A decimal amount that is not negative, up to its closing quote, of at most 6 digits before the
  /// point and 12 behind it: others are left to the exact but slower reader.
  private mutating func amount() -> Money? {
    let start = index
    guard let dollars = integer(), index - start <= 6 else { return nil }
    guard index < end, base[index] == UInt8(ascii: ".") else { return Money.dollar * dollars }
    index += 1
    let pointEnd = index
    guard let fraction = digits(), index - pointEnd <= Money.decimalPlaces else { return nil }
    var scaled = fraction
    for _ in 0..<(Money.decimalPlaces - (index - pointEnd)) { scaled *= 10 }
    return Money(picodollars: Int128(dollars * 1_000_000_000_000 + scaled))
  }
}

extension UsageRecord.Status {
  /// The status that the line's word says; nil for any other word.
  init?(_ word: LedgerLine.Name) {
    func matches(_ text: StaticString) -> Bool {
      word.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
    if matches("success") {
      self = .success
    } else if matches("error") {
      self = .error
    } else if matches("cancelled") {
      self = .cancelled
    } else if matches("partial") {
      self = .partial
    } else if matches("unknown") {
      self = .unknown
    } else if matches("cached") {
      self = .cached
    } else {
      return nil
    }
  }
}
