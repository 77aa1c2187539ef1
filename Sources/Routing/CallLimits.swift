package import Health

/// The limits that the file sets on calls of one provider; nil is no limit. They rank nothing: they are told
/// where one of them was in the way.
package struct CallLimits: Hashable, Sendable {
  package var requestsPerMinute: Int?
  package var tokensPerMinute: Int?
  package var concurrency: Int?

  package init(requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil, concurrency: Int? = nil) {
    self.requestsPerMinute = requestsPerMinute
    self.tokensPerMinute = tokensPerMinute
    self.concurrency = concurrency
  }

  package init(_ policy: HealthPolicy) {
    self.init(
      requestsPerMinute: policy.rateLimits.requestsPerMinute,
      tokensPerMinute: policy.rateLimits.tokensPerMinute, concurrency: policy.maxConcurrency)
  }
}
