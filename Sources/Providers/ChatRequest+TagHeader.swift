extension ChatRequest {
  /// The header by which callers of any surface tag a request; SDKs set it with their default headers.
  package static let tagHeader: StaticString = "x-tollgate-tags"

  /// Adds the tags of all `x-tollgate-tags` headers: `team=red, env=prod`.
  ///
  /// Limits are those of `tags` in a body, whose tags go before those of the same name here. A value ends at
  /// a comma, so it has none, and is taken as it is, without quotes or escapes.
  package mutating func addTags(headers: [ArraySlice<UInt8>]) throws(RequestError) {
    guard !headers.isEmpty else { return }
    let inBody = tags.count
    // Several lines are one list (RFC 9110 §5.3), and nothing between two commas is nothing (§5.6.1).
    for entry in headers.lazy.flatMap({ $0.split(separator: UInt8(ascii: ",")) }) {
      let entry = entry.trimmed
      guard !entry.isEmpty else { continue }
      let tag = try ChatRequest.tag(entry)
      guard !tags[..<inBody].contains(where: { $0.name == tag.name }) else { continue }
      tags[inBody...].removeAll { $0.name == tag.name }
      tags.append(tag)
      guard tags.count <= Limit.tagCount else {
        throw .tagHeader("must have at most \(Limit.tagCount) tags, those of the body included")
      }
    }
  }

  private static func tag(_ entry: ArraySlice<UInt8>) throws(RequestError) -> Tag {
    guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else {
      let found = String(decoding: entry.prefix(40), as: UTF8.self)
      throw .tagHeader("must be a list like `team=red,env=prod`, found `\(found)` without a `=`")
    }
    let (name, value) = (entry[..<equals].trimmed, entry[(equals + 1)...].trimmed)
    guard !name.isEmpty && name.count <= Limit.tagNameBytes else {
      throw .tagHeader("has a tag whose name has \(name.count) bytes; 1 to \(Limit.tagNameBytes) are allowed")
    }
    guard value.count <= Limit.tagValueBytes else {
      throw .tagHeader(
        "has a tag whose value has \(value.count) bytes; at most \(Limit.tagValueBytes) are allowed")
    }
    guard let name = String(validating: name, as: UTF8.self),
      let value = String(validating: value, as: UTF8.self)
    else { throw .tagHeader("must be UTF-8") }
    return Tag(name: name, value: value)
  }
}

extension RequestError {
  fileprivate static func tagHeader(_ words: String) -> RequestError {
    RequestError(
      message: "the header `\(ChatRequest.tagHeader)` \(words)", param: ChatRequest.tagHeader.description)
  }
}

extension ArraySlice<UInt8> {
  /// Without the spaces and tabs at both ends.
  fileprivate var trimmed: ArraySlice<UInt8> {
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard let start = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) })
    else {
      return []
    }
    return self[start...last]
  }
}
