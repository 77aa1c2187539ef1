package import Configuration
internal import GatewayTypes
package import Routing

extension Roster {
  /// The providers of a file, in its order.
  package init(_ configuration: GatewayConfiguration) {
    var preferred: [String: IntentSet] = [:]
    for (name, providers) in configuration.routing.intents {
      guard let intent = Intent(name: name) else { continue }
      for provider in providers { preferred[provider, default: []].formUnion(IntentSet(intent)) }
    }
    self.init(
      candidates: configuration.providers.map { entry in
        entry.candidate(
          preferredFor: preferred[entry.id.text, default: []].union(preferred[entry.name, default: []]))
      }, aliases: configuration.aliases)
  }
}

extension RoutingPolicy {
  /// As `routing` in the file says.
  package init(_ configuration: GatewayConfiguration) {
    self.init(intentBoost: configuration.routing.intentBoost)
  }
}
