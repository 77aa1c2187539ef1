package import GatewayTypes

/// Everything that `providers.yaml` says, checked and with every default filled in.
///
/// A value of it is always consistent: aliases name providers that exist, ids are unique, and an address
/// that other machines reach is either guarded by keys or opened on purpose.
package struct GatewayConfiguration: Sendable {
  package var server = ServerConfiguration()
  package var keys: [ClientKeyConfiguration] = []
  package var routing = RoutingConfiguration()
  package var breaker = BreakerConfiguration()
  /// Absent: tokens never cool a provider down.
  package var cooldown: CooldownConfiguration?
  package var budgets = BudgetConfiguration()
  package var ledger = LedgerConfiguration()
  package var prompt = PromptConfiguration()
  /// Alias → provider ids, in the order written.
  package var aliases: [String: [ProviderID]] = [:]
  /// In file order. Disabled ones are kept, with the reason.
  package var providers: [ProviderConfiguration] = []
  /// What is allowed but probably not meant, each with its place, ready to print.
  package var warnings: [String] = []

  package init() {}
}

extension GatewayConfiguration {
  /// Says why `host` may not be bound with these keys, or nil when it may.
  ///
  /// Without client keys anyone who reaches the port spends the operator's money, so then only a
  /// loopback address is served. Ask again when the command line changes the host.
  package func refusalToBind(host: String) -> String? {
    guard keys.isEmpty && !server.allowOpen && !HostName.isLoopback(host) else { return nil }
    return
      "server.host \(host.quotedForMessage) can be reached from other machines and no client key is set: "
      + "add one under 'keys:', or bind 127.0.0.1, or set 'server.allow_open: true' to let anyone in"
  }
}
