/// What an answer says of itself beside its content.
package struct AnswerIdentity: Hashable, Sendable {
  /// The gateway's name of the request; each surface puts its own prefix before it.
  package var id: String
  /// The model that answered.
  package var model: String
  /// When, in seconds since 1970.
  package var created: Int

  package init(id: String, model: String, created: Int) {
    self.id = id
    self.model = model
    self.created = created
  }
}
