/// Why nothing bounds what a request may cost at a provider. The numbers are written to disk: a new cause takes a
/// new one.
package enum UnboundedCost: Int, CaseIterable, Hashable, Sendable {
  /// A tool that the provider runs by itself.
  case hostedTool = 1
  /// What is kept at the provider.
  case stored = 2
  case file = 3
  case image = 4

  /// What is missing, and how to mend it.
  package var sentence: String {
    switch self {
    case .hostedTool:
      "the request has a tool that the provider runs by itself, whose cost no budget can bound; leave it out, "
        + "or exempt the caller from budgets"
    case .stored:
      "what is kept at the provider has no known length, and the caller has a budget; "
        + "set the provider's context_window"
    case .file:
      "a file has no known number of tokens, and the caller has a budget; set the provider's context_window"
    case .image:
      "an image has no known bound there, and the caller has a budget; set the provider's max_image_tokens"
    }
  }
}
