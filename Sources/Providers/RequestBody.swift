package import JSON

/// A caller's body, before anything is known of its fields.
package enum RequestBody {
  /// Reads a body that must hold one JSON object.
  ///
  /// A body encoded twice, a JSON string that holds the text of an object, is read as that object: it is
  /// what a client sends that hands an encoded text to a library which encodes once more.
  package static func object(
    from body: [UInt8], limits: JSONLimits = JSONLimits()
  ) throws(RequestError) -> JSONDocument {
    var document = try parse(body, limits: limits)
    if document.kind(of: document.root) == .string {
      let inner = document.decodedBytes(document.root)
      guard let parsed = try? JSONDocument(parsing: inner, limits: limits) else {
        throw RequestError(message: "the body must be a JSON object, found a string that does not hold one")
      }
      document = parsed
    }
    guard document.kind(of: document.root) == .object else {
      let found = document.kind(of: document.root).phrase
      throw RequestError(message: "the body must be a JSON object, found \(found)")
    }
    return document
  }

  private static func parse(_ body: [UInt8], limits: JSONLimits) throws(RequestError) -> JSONDocument {
    do {
      return try JSONDocument(parsing: body, limits: limits)
    } catch {
      throw RequestError(error)
    }
  }
}
