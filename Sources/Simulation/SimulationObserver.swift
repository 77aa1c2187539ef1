package import GatewayTypes

/// Is told everything that happens on a simulated day, in order of time, before anybody acts upon it.
package protocol SimulationObserver: AnyObject {
  func began(_ request: SimulatedRequest)
  /// A provider, by its place in the file, is called for a request.
  func called(_ provider: Int, for request: SimulatedRequest, at time: MonotonicTime)
  /// That call has ended; `cost` is what is charged for it.
  func ended(
    _ provider: Int, for request: SimulatedRequest, _ ending: ScriptedEnding, cost: Money,
    at time: MonotonicTime)
  func ended(_ request: SimulatedRequest, _ ending: RequestEnding, at time: MonotonicTime)
}

/// How a simulated request ended for its caller.
package enum RequestEnding: Hashable, Sendable, CaseIterable {
  case answered
  /// Nobody could be asked: 429 or 503.
  case refused
  /// All that were asked failed: 502.
  case exhausted
  /// The deadline passed: 504.
  case outOfTime
  /// A stream broke off in the caller's hands.
  case broken
}
