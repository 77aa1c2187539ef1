import GatewayTypes
import Health
import Routing

/// A request on its way through the providers of its plan. A reference, as it waits in a queue with its permit.
final class ReplayRun {
  let request: ReplayRequest
  /// As it was planned.
  let routing: RoutingRequest
  let deadline: MonotonicTime
  private let plan: RoutePlan
  private var position = 0
  private(set) var retries = 0
  private(set) var lastTried: RankedCandidate?
  /// Whether a provider answered.
  private(set) var isAnswered = false
  private var permit: AttemptPermit?
  private var outcome = ReplayOutcome.success
  private var latency = Duration.zero

  init(_ request: ReplayRequest, _ routing: RoutingRequest, _ plan: RoutePlan, deadline: MonotonicTime) {
    self.request = request
    self.routing = routing
    self.plan = plan
    self.deadline = deadline
  }

  /// Who is to be tried; nil when nobody is left.
  var choice: RankedCandidate? { position < plan.order.count ? plan.order[position] : nil }

  /// Turns to the next provider.
  func goOn() {
    position += 1
    retries = 0
  }

  /// Stays with the same one.
  func retryAgain() {
    retries += 1
  }

  func begin(
    _ permit: consuming AttemptPermit, _ outcome: ReplayOutcome, latency: Duration, at choice: RankedCandidate
  ) {
    self.permit = consume permit
    self.outcome = outcome
    self.latency = latency
    lastTried = choice
  }

  /// Ends the attempt under way: its permit is answered.
  func end(
    usage: TokenUsage, now: MonotonicTime
  ) -> (choice: RankedCandidate, outcome: ReplayOutcome)? {
    guard let permit = permit.take(), let lastTried else { return nil }
    switch outcome {
    case .success:
      isAnswered = true
      permit.answer(.success(latency: latency, timeToFirstToken: nil, usage: usage), now: now)
    case .cancelled: permit.answer(.cancelled(usage: usage), now: now)
    case .unsupported: permit.answer(.callerFault, now: now)
    case .failure(let failure): permit.answer(.failure(failure, retryAfter: nil), now: now)
    }
    return (lastTried, outcome)
  }
}
