/// Somebody or something that a budget can be set for.
package enum BudgetParty: Hashable, Sendable, CustomStringConvertible {
  case user(String)
  /// A client key, by its name.
  case key(String)
  /// All requests that carry a tag, written `name=value`.
  case tag(String)
  /// All requests together.
  case global

  /// In words for a message, such as `user alice`.
  package var description: String {
    switch self {
    case .user(let name): "user \(name)"
    case .key(let name): "key \(name)"
    case .tag(let tag): "tag \(tag)"
    case .global: "all requests"
    }
  }

  /// The name without the sort; nil for `global`.
  package var name: String? {
    switch self {
    case .user(let name), .key(let name), .tag(let name): name
    case .global: nil
    }
  }
}

/// Whom one request is charged to: each party that it names, and `global`.
package struct BudgetParties: Hashable, Sendable {
  package var user: String?
  /// The client key's name.
  package var key: String?
  /// Each `name=value`, distinct.
  package var tags: [String]

  package init(user: String? = nil, key: String? = nil, tags: [String] = []) {
    self.user = user
    self.key = key
    self.tags = tags
  }
}
