/// How many tokens in how long a time give a model a rest.
package struct CooldownConfiguration: Sendable {
  /// More tokens than this within `window` start the rest.
  package var tokens: Int
  package var window: Duration = .seconds(60)
  package var duration: Duration = .seconds(300)

  package init(tokens: Int) {
    self.tokens = tokens
  }
}
