package import GatewayTypes

/// One attempt of a decided request, as its line keeps it.
package struct DecisionAttempt: Hashable, Sendable {
  package var provider: ProviderID
  /// `success`, `cancelled`, `unsupported`, or the failure's class.
  package var outcome: String
  package var latencyMilliseconds: Int

  package init(provider: ProviderID, outcome: String, latencyMilliseconds: Int) {
    self.provider = provider
    self.outcome = outcome
    self.latencyMilliseconds = latencyMilliseconds
  }
}
