import JSON

extension InputSize {
  /// Adds the definitions of tools.
  ///
  /// Sources: https://platform.openai.com/docs/guides/tools,
  /// https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/overview
  mutating func addTools(_ tools: JSONNode, in document: JSONDocument) {
    toolBytes += document.range(of: tools).count
    for tool in document.elements(of: tools) {
      guard let type = document.member("type", of: tool) else { continue }
      switch ToolKind(type, in: document) {
      case .callers: continue
      case .vendors: knownToolCount += 1
      case .hosted: openEnds.insert(.hostedTool)
      }
    }
  }
}

/// Who describes a tool, and who runs it.
private enum ToolKind {
  /// The caller does both.
  case callers
  /// The vendor describes it, the caller runs it.
  case vendors
  /// The provider runs it, or it is newer than this code.
  case hosted

  init(_ type: JSONNode, in document: JSONDocument) {
    let word = document.string(type) ?? ""
    if ["function", "custom"].contains(word) {
      self = .callers
    } else if ["local_shell", "apply_patch"].contains(word)
      || ["computer", "bash_", "text_editor_", "memory_"].contains(where: { word.hasPrefix($0) })
    {
      self = .vendors
    } else {
      self = .hosted
    }
  }
}
