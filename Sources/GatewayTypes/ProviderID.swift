/// The name that one configured provider (one model at one address) goes by: `groq`, or `groq/model`
/// where several entries share the name.
package struct ProviderID: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  package init(_ text: String) {
    self.text = text
  }

  package var description: String { text }
}
