import GatewayTypes

extension UsageRecord {
  /// Appends the record as one line of JSON, newline included.
  ///
  /// Every field is always there, in this order; one without a value is `null`. Only
  /// `cache_write_tokens` and `cache_write_1h_tokens`, without which a cost could not be recomputed, and
  /// `saved_usd` are left out when zero, and `content` when it is not kept. The log adds `chain` as the last field.
  package func appendLine(to line: inout [UInt8]) {
    let start = line.count
    appendObject(to: &line)
    line.append(UInt8(ascii: "\n"))
    precondition(
      line.count - start <= UsageRecord.maximumLineSize, "the limits on its texts bound a ledger line")
  }

  /// Appends the line without its newline.
  func appendObject(to line: inout [UInt8]) {
    line.append(addingCapacity: largestSizeWithoutContent) { line in
      line.append(literal: #"{"time":""#)
      time.appendRFC3339(to: &line)
      line.append(literal: #"","id":"#)
      line.append(string: id, limit: UsageRecord.maximumTextSize)
      appendParties(to: &line)
      appendTokens(to: &line)
      appendCourse(to: &line)
      appendTags(to: &line)
    }
    appendContent(to: &line)
    line.append(UInt8(ascii: "}"))
  }

  /// Names and numbers of the fields, and a quote around each of their texts, are shorter than 1 kB.
  private var largestSizeWithoutContent: Int {
    func largestSize(_ text: String?) -> Int {
      OutputSpan.largestSize(string: text, limit: UsageRecord.maximumTextSize)
    }
    var size = 1_024 + largestSize(id) + largestSize(surface) + largestSize(user) + largestSize(key)
    size += largestSize(provider?.text) + largestSize(model) + largestSize(intent)
    for fallback in fallbacks { size += largestSize(fallback.text) }
    for tag in tags { size += largestSize(tag.name) + largestSize(tag.value) }
    return size
  }

  /// Who asked, who answered, and how it ended.
  private func appendParties(to line: inout OutputSpan<UInt8>) {
    let limit = UsageRecord.maximumTextSize
    line.append(literal: #","surface":"#)
    line.append(string: surface, limit: limit)
    line.append(literal: #","user":"#)
    line.append(string: user, limit: limit)
    line.append(literal: #","key":"#)
    line.append(string: key, limit: limit)
    line.append(literal: #","provider":"#)
    line.append(string: provider?.text, limit: limit)
    line.append(literal: #","model":"#)
    line.append(string: model, limit: limit)
    line.append(literal: #","status":""#)
    line.append(literal: status.literal)
    line.append(literal: #"","http_status":"#)
    line.append(integerOrNull: httpStatus)
  }

  private func appendTokens(to line: inout OutputSpan<UInt8>) {
    line.append(literal: #","prompt_tokens":"#)
    line.append(integer: usage.input)
    line.append(literal: #","cached_tokens":"#)
    line.append(integer: usage.cacheRead)
    if usage.cacheWrite != 0 {
      line.append(literal: #","cache_write_tokens":"#)
      line.append(integer: usage.cacheWrite)
    }
    line.append(literal: #","completion_tokens":"#)
    line.append(integer: usage.output)
    line.append(literal: #","reasoning_tokens":"#)
    line.append(integer: usage.reasoning)
    line.append(literal: #","total_tokens":"#)
    line.append(integer: usage.total)
    line.append(literal: #","cost_usd":""#)
    cost.appendDecimal(to: &line)
    line.append(literal: #"","estimated":"#)
    line.append(boolean: usage.isEstimated)
  }

  /// How the request went: times, attempts, kind.
  private func appendCourse(to line: inout OutputSpan<UInt8>) {
    line.append(literal: #","latency_ms":"#)
    line.append(integerOrNull: latency?.wholeMilliseconds)
    line.append(literal: #","ttft_ms":"#)
    line.append(integerOrNull: timeToFirstToken?.wholeMilliseconds)
    line.append(literal: #","attempts":"#)
    line.append(integer: attempts)
    line.append(literal: #","fallbacks":["#)
    for index in 0..<min(fallbacks.count, UsageRecord.maximumFallbackCount) {
      if index > 0 { line.append(UInt8(ascii: ",")) }
      line.append(string: fallbacks[index].text, limit: UsageRecord.maximumTextSize)
    }
    line.append(literal: #"],"intent":"#)
    line.append(string: intent, limit: UsageRecord.maximumTextSize)
    line.append(literal: #","stream":"#)
    line.append(boolean: isStream)
  }

  private func appendTags(to line: inout OutputSpan<UInt8>) {
    line.append(literal: #","tags":{"#)
    for index in 0..<min(tags.count, UsageRecord.maximumTagCount) {
      if index > 0 { line.append(UInt8(ascii: ",")) }
      line.append(string: tags[index].name, limit: UsageRecord.maximumTextSize)
      line.append(UInt8(ascii: ":"))
      line.append(string: tags[index].value, limit: UsageRecord.maximumTextSize)
    }
    line.append(UInt8(ascii: "}"))
    if usage.cacheWriteOneHour != 0 {
      line.append(literal: #","cache_write_1h_tokens":"#)
      line.append(integer: usage.cacheWriteOneHour)
    }
    guard saved > .zero else { return }
    line.append(literal: #","saved_usd":""#)
    saved.appendDecimal(to: &line)
    line.append(UInt8(ascii: "\""))
  }

  private func appendContent(to line: inout [UInt8]) {
    guard let content else { return }
    line.append(literal: #","content":{"prompt":"#)
    line.append(string: content.prompt, limit: UsageRecord.maximumContentSize)
    line.append(literal: #","response":"#)
    line.append(string: content.response, limit: UsageRecord.maximumContentSize)
    line.append(UInt8(ascii: "}"))
  }
}

extension UsageRecord.Status {
  /// The same as `rawValue`, which would build a String for every line.
  fileprivate var literal: StaticString {
    switch self {
    case .success: "success"
    case .error: "error"
    case .cancelled: "cancelled"
    case .partial: "partial"
    case .unknown: "unknown"
    case .cached: "cached"
    }
  }
}

extension OutputSpan<UInt8> {
  fileprivate mutating func append(boolean value: Bool) {
    append(literal: value ? "true" : "false")
  }

  fileprivate mutating func append(integerOrNull value: Int?) {
    guard let value else { return append(literal: "null") }
    append(integer: value)
  }
}
