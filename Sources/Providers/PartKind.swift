import JSON

/// What a part of a message that is no text counts as.
enum PartKind {
  case image
  case sound
  /// A document, or something newer than this code.
  case file
  /// Anthropic's block with content of its own.
  case toolResult
  /// Words that the model reads as they are: calls of tools, thoughts, token numbers.
  case data

  /// Two types are as good as none: a provider may go by either.
  init(of part: JSONNode, in document: JSONDocument) {
    var types: [JSONNode] = []
    for (key, value) in document.members(of: part) where document.isText(key, "type") { types.append(value) }
    guard types.count < 2 else {
      self = .file
      return
    }
    guard let type = types.first else {
      self = .data
      return
    }
    func isAny(of names: [StaticString]) -> Bool { names.contains { document.isText(type, $0) } }
    if PartKind.isImage(type, in: document) {
      self = .image
    } else if isAny(of: ["tool_result", "search_result"]) {
      self = .toolResult
    } else if isAny(of: ["input_audio", "audio"]) {
      self = .sound
    } else if isAny(of: ["text", "input_text", "output_text", "summary_text", "reasoning_text"]) {
      self = .data
    } else if isAny(of: ["tool_use", "thinking", "redacted_thinking", "refusal"]) {
      self = .data
    } else if isAny(of: ["document"]), PartKind.isPlain(document.member("source", of: part), in: document) {
      self = .data
    } else if let word = document.string(type), word.hasSuffix("tool_use") || word.hasSuffix("tool_result") {
      // What tools of Anthropic's own asked and found in an earlier turn, sent back as it came.
      self = .data
    } else {
      self = .file
    }
  }

  /// Whether a part of this type is an image.
  static func isImage(_ type: JSONNode, in document: JSONDocument) -> Bool {
    let names: [StaticString] = ["image_url", "input_image", "image"]
    return names.contains { document.isText(type, $0) }
  }

  /// Whether the member of that name holds an image or a file, or says where it is.
  static func isPayload(_ key: JSONNode, in document: JSONDocument) -> Bool {
    let names: [StaticString] = ["image_url", "source", "file", "file_data", "file_url", "file_id", "detail"]
    return names.contains { document.isText(key, $0) }
  }

  /// Whether the source of Anthropic's document is text, not something that is packed or elsewhere.
  private static func isPlain(_ source: JSONNode?, in document: JSONDocument) -> Bool {
    guard let type = source.flatMap({ document.member("type", of: $0) }) else { return false }
    return document.isText(type, "text")
  }
}
