/// What a body says beside the conversation, decided by the gateway.
struct UpstreamCall {
  /// The provider's name of the model.
  var model: String
  /// The bound of the answer; nil where nobody set one.
  var maxTokens: Int?
  var isStreaming: Bool
  var userID: String?
}
