/// A request method (RFC 9110 §9). Methods that nothing here serves are `other`.
package enum Method: Sendable, Hashable {
  case get, head, post, put, patch, delete, options, other

  init(_ bytes: ArraySlice<UInt8>) {
    switch bytes.count {
    case 3 where bytes.isText("GET"): self = .get
    case 3 where bytes.isText("PUT"): self = .put
    case 4 where bytes.isText("POST"): self = .post
    case 4 where bytes.isText("HEAD"): self = .head
    case 5 where bytes.isText("PATCH"): self = .patch
    case 6 where bytes.isText("DELETE"): self = .delete
    case 7 where bytes.isText("OPTIONS"): self = .options
    default: self = .other
    }
  }

  /// The method's name as it stands in `Allow`; `other` has none and is empty.
  package var name: StaticString {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .patch: "PATCH"
    case .delete: "DELETE"
    case .options: "OPTIONS"
    case .other: ""
    }
  }
}
