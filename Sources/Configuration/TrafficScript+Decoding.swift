import GatewayTypes

extension TrafficScript {
  /// A rate that no gateway of one machine meets, and at which a day is still counted in 64 bits.
  private static let rateRange = 0.0...100_000.0

  init(reading section: inout SectionReader, duration: Duration, models: inout [Scalar]) {
    self.init(rate: Self.rate(&section, duration: duration))
    strategies = Self.strategies(&section)
    users = section.integer("users", in: 1...1_000_000_000) ?? users
    streaming = section.number("streaming", in: 0...1) ?? streaming
    deadline = section.duration("deadline")
    let read = section.sections("requests", each: "sort of request") {
      Sort(reading: &$0, models: &models)
    }
    if !read.isEmpty { sorts = read }
    if !sorts.contains(where: { $0.weight > 0 }) {
      section.report(
        "every weight is 0; give one of the requests a larger one", at: section.place(of: "requests"))
    }
  }

  private static func rate(_ section: inout SectionReader, duration: Duration) -> [Stretch] {
    let hourly = hourly(&section, duration: duration)
    let hasRate = !(section.node("rate")?.isNull ?? true)
    let stretches = stretches(&section)
    switch (hourly, hasRate) {
    case (nil, true): return stretches
    case (let hourly?, false): return hourly
    case (_?, true):
      section.report("rate and hourly both say how much comes; keep one", at: section.place(of: "hourly"))
    case (nil, false):
      section.report(
        "traffic has no rate; add 'rate: [{from: 0h, to: 24h, requests_per_second: 2}]' or 'hourly: […]'",
        at: section.mark)
    }
    return []
  }

  private static func stretches(_ section: inout SectionReader) -> [Stretch] {
    var last: Duration = .zero
    return section.sections("rate", each: "stretch") { section in
      let range = Duration.zero...ScriptDraft.longest
      let from = section.duration("from", in: range)
      let to = section.duration("to", in: range)
      let rate = section.number("requests_per_second", in: rateRange)
      if from == nil && section.node("from") == nil || to == nil && section.node("to") == nil {
        section.report("a stretch needs 'from' and 'to'", at: section.mark)
      }
      if rate == nil && section.node("requests_per_second") == nil {
        section.report("a stretch needs 'requests_per_second'", at: section.mark)
      }
      guard let from, let to, let rate else { return Stretch(from: last, to: last, requestsPerSecond: 0) }
      if from >= to { section.report("the stretch ends before it begins", at: section.place(of: "to")) }
      if from < last {
        section.report(
          "the stretch begins before the one above it ends, at \(DurationText.text(last))",
          at: section.place(of: "from"))
      }
      last = max(last, to)
      return Stretch(from: from, to: to, requestsPerSecond: rate)
    }
  }

  /// Requests a second for each hour from midnight, again every day.
  private static func hourly(_ section: inout SectionReader, duration: Duration) -> [Stretch]? {
    guard let nodes = section.list("hourly") else { return nil }
    guard nodes.count == 24 else {
      section.report(
        "hourly needs 24 numbers, one for each hour of the day, found \(nodes.count)",
        at: section.place(of: "hourly"))
      return []
    }
    let rates = nodes.compactMap { section.number($0, label: "hourly", in: rateRange) }
    guard rates.count == 24 else { return [] }
    var stretches: [Stretch] = []
    var hour = 0
    while Duration.seconds(hour * 3600) < duration {
      stretches.append(
        Stretch(
          from: .seconds(hour * 3600), to: .seconds((hour + 1) * 3600), requestsPerSecond: rates[hour % 24]))
      hour += 1
    }
    return stretches
  }

  private static func strategies(
    _ section: inout SectionReader
  ) -> [(strategy: RoutingStrategy, weight: Double)] {
    section.section("strategies") { section in
      RoutingStrategy.allCases.compactMap { strategy in
        section.number(strategy.rawValue, in: 0...1_000_000).map { (strategy, $0) }
      }
    } ?? []
  }
}

extension TrafficScript.Sort {
  init(reading section: inout SectionReader, models: inout [Scalar]) {
    self.init()
    weight = section.number("weight", in: 0...1_000_000) ?? weight
    if let scalar = section.text("intent") {
      let names = RoutingConfiguration.intentNames
      if names.contains(scalar.text) {
        intent = scalar.text
      } else {
        let advice = NearestName.find(scalar.text, in: names).map { "; did you mean '\($0)'?" } ?? ""
        section.report(
          "intent must be \(names.joinedAsChoice), found \(scalar.quoted)\(advice)", at: scalar.mark)
      }
    }
    if let scalar = section.text("model") {
      models.append(scalar)
      model = scalar.text
    }
    promptTokens = section.distribution("prompt_tokens", of: .tokens) ?? promptTokens
    answerTokens = section.distribution("answer_tokens", of: .tokens) ?? answerTokens
    maxTokens = section.integer("max_tokens", in: 1...10_000_000)
  }
}
