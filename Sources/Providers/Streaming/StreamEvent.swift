/// One thing that a provider's stream says, in the form that every surface's stream is built from.
///
/// Texts are contents of JSON strings, still escaped.
package enum StreamEvent: Hashable, Sendable {
  case text(ArraySlice<UInt8>, choice: Int)
  /// Text with which the model declines.
  case refusal(ArraySlice<UInt8>, choice: Int)
  case reasoning(ArraySlice<UInt8>, choice: Int)
  case toolCall(ToolCallPiece)
  /// The answer is whole; the reason in OpenAI's words.
  case finish(reason: String, choice: Int)
  /// An event to be passed on as it came. One that holds nothing but the usage is marked, for the caller
  /// who did not ask for it.
  case raw(ArraySlice<UInt8>, isUsageOnly: Bool)
  /// The provider's stream is over as it should be; `raw` is the event that said so, if there was one.
  case end(raw: ArraySlice<UInt8>)
  /// The stream broke off, or the provider reported an error in it. Nothing follows.
  case failure(ProviderFailure)
}
