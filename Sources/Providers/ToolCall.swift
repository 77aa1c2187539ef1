/// A model's wish to have a function of the caller's called.
///
/// The texts are contents of JSON strings, still escaped, so that they pass from one to the next untouched.
package struct ToolCall: Hashable, Sendable {
  package var id: ArraySlice<UInt8>
  package var name: ArraySlice<UInt8>
  /// The text of a JSON object; what models write is not always one.
  package var arguments: ArraySlice<UInt8>
  /// What Gemini wants back with the call: its thoughts, encrypted; escaped.
  package var signature: ArraySlice<UInt8>?

  package init(id: ArraySlice<UInt8>, name: ArraySlice<UInt8>, arguments: ArraySlice<UInt8>) {
    self.id = id
    self.name = name
    self.arguments = arguments
  }
}

/// A piece of a tool call in a stream.
package struct ToolCallPiece: Hashable, Sendable {
  /// Which of the parallel answers it belongs to.
  package var choice = 0
  /// Which of the answer's calls it belongs to, from 0.
  package var index: Int
  /// In a call's first piece; escaped.
  package var id: ArraySlice<UInt8>?
  /// In a call's first piece; escaped.
  package var name: ArraySlice<UInt8>?
  /// What comes next of the arguments' text; escaped.
  package var arguments: ArraySlice<UInt8> = []
  /// As in `ToolCall`.
  package var signature: ArraySlice<UInt8>?

  package init(
    choice: Int = 0, index: Int, id: ArraySlice<UInt8>? = nil, name: ArraySlice<UInt8>? = nil,
    arguments: ArraySlice<UInt8> = []
  ) {
    self.choice = choice
    self.index = index
    self.id = id
    self.name = name
    self.arguments = arguments
  }
}

extension ToolCall {
  /// A name for a call that its provider gave none; the request's makes it unlike those of other turns.
  static func id(ofCall index: Int, _ identity: AnswerIdentity) -> ArraySlice<UInt8> {
    EscapedText.escaped("call_\(identity.id)_\(index)".utf8)
  }

  /// The call with a name, made up where it has none.
  func named(_ index: Int, _ identity: AnswerIdentity) -> ToolCall {
    guard id.isEmpty else { return self }
    var named = self
    named.id = ToolCall.id(ofCall: index, identity)
    return named
  }
}
