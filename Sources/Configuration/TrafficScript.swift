/// Who asks what, and when.
package struct TrafficScript: Sendable {
  /// A stretch of time in which requests arrive at one rate, independently of each other.
  package struct Stretch: Hashable, Sendable {
    package var from: Duration
    package var to: Duration
    package var requestsPerSecond: Double

    package init(from: Duration, to: Duration, requestsPerSecond: Double) {
      self.from = from
      self.to = to
      self.requestsPerSecond = requestsPerSecond
    }
  }

  /// One sort of request, and how often it comes among the others.
  package struct Sort: Sendable {
    package var weight = 1.0
    /// As in `RoutingConfiguration.intentNames`.
    package var intent = "general"
    /// What `model` asks for; nil is `auto`.
    package var model: String?
    package var promptTokens = ScriptedDistribution.logNormal(median: 300, p95: 2000)
    /// What an answer would have, were it not bounded.
    package var answerTokens = ScriptedDistribution.logNormal(median: 200, p95: 800)
    /// The caller's own bound on the answer.
    package var maxTokens: Int?

    package init() {}
  }

  /// In order of time, none over another.
  package var rate: [Stretch]
  /// Never empty.
  package var sorts: [Sort] = [Sort()]
  /// What requests ask to be routed by, with weights; empty: what the file says.
  package var strategies: [(strategy: RoutingStrategy, weight: Double)] = []
  /// How many users ask, each as likely as the others.
  package var users = 100
  /// The share of requests whose answer is streamed.
  package var streaming = 0.5
  /// The callers' own `timeout_ms`; nil: none, and `routing.timeout` of the file applies.
  package var deadline: Duration?

  package init(rate: [Stretch]) {
    self.rate = rate
  }
}
