/// What a request needs and a provider can do.
package struct CapabilitySet: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package static let streaming = CapabilitySet(rawValue: 1 << 0)
  package static let tools = CapabilitySet(rawValue: 1 << 1)
  package static let images = CapabilitySet(rawValue: 1 << 2)
  package static let embeddings = CapabilitySet(rawValue: 1 << 3)
  package static let chat = CapabilitySet(rawValue: 1 << 4)

  /// The names of the members, in the order above, for people to read.
  package var names: [String] {
    let all: [(CapabilitySet, String)] = [
      (.streaming, "streaming"), (.tools, "tools"), (.images, "images"), (.embeddings, "embeddings"),
      (.chat, "chat"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}
