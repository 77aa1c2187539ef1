internal import Accounting
internal import GatewayTypes
internal import Providers
internal import Reactor
internal import Routing

/// How far a call has come on its way through its plan. Belongs to the loop.
///
/// A class, as the result is: what waits for a provider holds a reference to it.
final class CallProgress {
  /// Whom the call is charged to.
  let parties: BudgetParties
  /// Whom to ask next.
  var walk: Walk
  /// What is set aside for what the call has used and the attempts under way.
  private var reservation: Reservation?
  let result: DispatchResult
  var troubles = Troubles()

  /// What has gone wrong so far.
  struct Troubles {
    var failures: [ProviderFailure] = []
    /// Who rightly refused the request, and how.
    var refusal: (by: ConfiguredProvider, ProviderFailure)?
    var budget: BudgetRefusal?
    var untranslatable: RequestError?
  }

  init(parties: BudgetParties, walk: Walk, reservation: consuming Reservation, result: DispatchResult) {
    self.parties = parties
    self.walk = walk
    self.reservation = consume reservation
    self.result = result
  }

  /// How much is set aside.
  var reserved: Money { reservation?.amount ?? .zero }

  /// Sets aside `amount` in place of what is.
  func reserve(_ amount: Money, now: Timestamp) throws(BudgetRefusal) {
    try reservation?.change(to: amount, now: now)
  }

  /// Charges what the call has used, gives back what it has not, and tells how it went.
  func end(_ ending: DispatchResult.Ending) -> DispatchResult {
    result.ending = ending
    reservation.take()?.settle(cost: result.cost, at: .now())
    result.endedAt = .now()
    return result
  }

  /// Why nobody has answered, now that nobody is left to ask.
  func exhaustion(_ call: ChatCall) -> APIError {
    if troubles.failures.isEmpty, let refusal = troubles.budget { return APIError(refusal, call: call) }
    if troubles.failures.isEmpty, let error = troubles.untranslatable {
      return APIError(untranslatable: error)
    }
    return APIError(nobodyAnswered: troubles.failures, result.attempts, plan: result.plan, now: .now())
  }

  /// A provider has rightly refused the request.
  func refusal() -> APIError {
    guard let (provider, failure) = troubles.refusal else {
      preconditionFailure("a refusal is what an asked provider has failed with")
    }
    return APIError(refusedBy: provider, failure, result.attempts)
  }
}
