internal import Accounting
internal import GatewayTypes
internal import Providers

/// What is set aside, and written down, before a provider is asked.
extension Dispatcher {
  /// Reserves the worst cost of one more attempt on top of what the call has spent, with the answer's bound
  /// lowered to what the budgets still pay for.
  @inline(never)
  func reserve(
    for provider: ConfiguredProvider, _ call: ChatCall, _ progress: CallProgress
  ) throws(BudgetRefusal) -> CostBound {
    let spent = progress.result.cost
    // Somebody may reserve between the look and the reservation: then there is less, and it is looked again.
    for _ in 0..<3 {
      let now = Timestamp.now()
      // What the call itself has set aside is there for it.
      let reserved = progress.reserved
      let left = budgets.left(for: progress.parties, now: now).map { $0 + reserved - spent }
      guard let bound = CostBound(of: call.request, at: provider.configuration, left: left) else { break }
      do throws(BudgetRefusal) {
        try progress.reserve(spent + bound.worstCost, now: now)
        return bound
      } catch {
        continue
      }
    }
    // Not even the least answer fits: the refusal says which budget it is.
    let least = CostBound.least(of: call.request, at: provider.configuration)
    try progress.reserve(spent + least, now: .now())
    return CostBound(worstCost: least, maxTokens: 1, outputLimit: call.request.choiceCount)
  }

  /// Writes down what the call will be charged should the gateway die before its ledger line is written.
  /// `running` attempts are about to be under way.
  @inline(never)
  func note(
    _ call: ChatCall, _ progress: CallProgress, running: Int = 1
  ) throws(UsageLogError) {
    let record = UsageRecord(
      inFlight: call, progress.result, bound: progress.reserved, running: running)
    if var slot = progress.result.slot {
      try inFlight.replace(&slot, with: record)
      progress.result.slot = slot
    } else {
      progress.result.slot = try inFlight.begin(record)
    }
  }
}
