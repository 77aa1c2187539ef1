/// What a request needs of a provider beyond a chat answer.
package struct RequestNeeds: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package static let tools = RequestNeeds(rawValue: 1 << 0)
  package static let images = RequestNeeds(rawValue: 1 << 1)
  package static let embeddings = RequestNeeds(rawValue: 1 << 2)
}
