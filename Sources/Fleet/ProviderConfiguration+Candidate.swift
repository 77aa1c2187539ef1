package import Configuration
internal import GatewayTypes
package import Routing

extension ProviderConfiguration {
  /// What the router is told of it; `preferred` are the intents that `routing.intents` lists it for.
  package func candidate(preferredFor preferred: IntentSet) -> Candidate {
    Candidate(
      id: id, name: name, model: model, prices: prices, priority: priority, contextWindow: contextWindow,
      maxOutputTokens: maxOutputTokens, intents: IntentSet(specialties: specialties).union(preferred),
      qualityScore: qualityScore, latency: latencyMilliseconds.map { .milliseconds($0) },
      weightThousandths: weightThousandths, capabilities: capabilities, retries: retries, isEnabled: isEnabled
    )
  }

  /// What its kind can do; what its model cannot, its vendor says in an error.
  private var capabilities: CapabilitySet {
    switch kind {
    case .openai where endpoint != nil: [.chat, .streaming, .tools, .images]
    case .openai: [.chat, .streaming, .tools, .images, .embeddings]
    case .anthropic, .gemini: [.chat, .streaming, .tools, .images]
    case .mock: [.chat, .streaming]
    }
  }
}
