internal import Accounting
internal import GatewayTypes

extension Budgets {
  /// Which budget it is that has no more than `left`, and when it renews; nil when by now there is more.
  func refusal(beyond left: Money, for parties: BudgetParties) -> BudgetRefusal? {
    do throws(BudgetRefusal) {
      // Given after all, it is dropped, which releases it.
      _ = try reserve(left + Money(picodollars: 1), for: parties, now: .now())
      return nil
    } catch {
      return error
    }
  }
}
