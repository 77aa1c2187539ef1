internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import HTTP
internal import Health
internal import JSON

/// `GET /providers`: how every configured provider stands. Keys never appear.
struct ProvidersHandler {
  let state: GatewayState

  /// `now` and `wallClock` are the same moment: times of the monotonic clock are shown as dates.
  func response(now: MonotonicTime, wallClock: Timestamp) -> Response {
    var writer = JSONWriter(reserveCapacity: 4_096)
    writer.beginArray()
    for provider in state.snapshot.providers {
      writer.provider(provider, now: now, wallClock: wallClock)
    }
    writer.endArray()
    return .json(status: 200, writer.bytes)
  }
}

extension JSONWriter {
  fileprivate mutating func provider(_ provider: ConfiguredProvider, now: MonotonicTime, wallClock: Timestamp)
  {
    let configuration = provider.configuration
    let report = provider.health.report(now: now)
    beginObject()
    member("id", configuration.id.text)
    member("name", configuration.name)
    member("model", configuration.model)
    member("kind", configuration.kind.rawValue)
    member("priority", configuration.priority)
    prices(configuration.prices)
    optionalMember(
      "latency_ms", Self.latencyMilliseconds(report, configured: configuration.latencyMilliseconds))
    let latency = report.standing.latency
    optionalMember("time_to_first_token_ms", latency.nanosecondsToFirstToken.map { Int($0 / 1_000_000) })
    key("tokens_per_second")
    if let pace = latency.nanosecondsPerToken, pace > 0 { value(1e9 / Double(pace)) } else { null() }
    member("weight", Double(configuration.weightThousandths) / 1_000)
    optionalMember("rate_limit_rpm", configuration.rateLimitRequestsPerMinute)
    optionalMember("rate_limit_tpm", configuration.rateLimitTokensPerMinute)
    key("specialties")
    beginArray()
    for specialty in configuration.specialties { value(specialty) }
    endArray()
    member("quality_score", configuration.qualityScore)
    member("is_down", report.isDown)
    member("circuit_status", report.circuit.status.rawValue)
    optionalMember("circuit_reason", report.circuit.reason?.circuitReason)
    time(
      "retry_at", report.circuit.status == .closed ? nil : report.circuit.retryAt, now: now,
      wallClock: wallClock)
    member("penalized", report.standing.isPenalized)
    let cooling = [report.coolingUntil, report.heldUntil].compactMap { $0 }.max()
    time("cooling_until", cooling, now: now, wallClock: wallClock)
    optionalMember("disabled_reason", provider.disabledReason)
    member("success_rate", report.counts.successRate)
    member("requests", report.requests)
    member("in_flight", report.inFlight)
    member("queued", report.queued)
    keys(of: provider, now: now)
    member("requests_last_minute", report.lastMinute.requests)
    member("tokens_last_minute", report.lastMinute.tokens)
    member("requests_last_hour", report.lastHour.requests)
    member("tokens_last_hour", report.lastHour.tokens)
    endObject()
  }

  /// `cost_per_token` is the mean of input and output, for whoever wants one number.
  private mutating func prices(_ prices: Prices) {
    member("cost_per_token", Money(picodollars: (prices.input + prices.output).picodollars / 2))
    member("input_cost_per_token", prices.input)
    member("output_cost_per_token", prices.output)
  }

  /// How many keys there are and how many of them are not set aside; null where none is needed.
  private mutating func keys(of provider: ConfiguredProvider, now: MonotonicTime) {
    key("keys")
    let total = provider.configuration.apiKeys.count
    guard total > 0 else { return null() }
    beginObject()
    member("total", total)
    member("live", provider.keys?.liveCount(now: now) ?? total)
    endObject()
  }

  /// As observed, else as configured.
  private static func latencyMilliseconds(_ report: ProviderReport, configured: Int?) -> Int? {
    report.standing.latency.nanoseconds.map { Int($0 / 1_000_000) } ?? configured
  }

  /// A time of the monotonic clock as a date, or null.
  private mutating func time(
    _ name: StaticString, _ time: MonotonicTime?, now: MonotonicTime, wallClock: Timestamp
  ) {
    key(name)
    guard let time, time > now else { return null() }
    let date = Timestamp(
      millisecondsSince1970: wallClock.millisecondsSince1970 + (time - now).wholeNanoseconds / 1_000_000)
    value(date.text)
  }
}
