/// What a prompt is about, as far as some providers are better at it than others.
package enum Intent: String, Hashable, Sendable, CaseIterable {
  case codeGeneration = "code_generation"
  case education
  case writing
  case translation
  case summarization
  case analysis
  case general

  /// The intent that a specialty or a key of `routing.intents` names; `code` means `code_generation`.
  package init?(name: some StringProtocol) {
    switch name.lowercased() {
    case "code", "coding": self = .codeGeneration
    case let name: self.init(rawValue: name)
    }
  }

  /// The place among all intents, from 0.
  var index: Int {
    switch self {
    case .codeGeneration: 0
    case .education: 1
    case .writing: 2
    case .translation: 3
    case .summarization: 4
    case .analysis: 5
    case .general: 6
    }
  }
}

/// A set of intents that fits in a byte.
package struct IntentSet: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package init(_ intent: Intent) {
    rawValue = 1 << intent.index
  }

  /// The intents among `specialties`; other specialties are for people to read and are passed over.
  package init(specialties: [String]) {
    self = specialties.reduce(into: []) { set, name in
      if let intent = Intent(name: name) { set.formUnion(IntentSet(intent)) }
    }
  }
}
