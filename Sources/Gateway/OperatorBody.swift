internal import GatewayTypes
internal import JSON
internal import Providers

/// The body of a small request to one of the operator's paths: an object with a few members.
struct OperatorBody {
  private let document: JSONDocument

  /// An empty body counts as an empty object where `mayBeEmpty` says so.
  init(_ body: [UInt8], mayBeEmpty: Bool = false) throws(APIError) {
    do throws(Providers.RequestError) {
      document = try RequestBody.object(from: body.isEmpty && mayBeEmpty ? Array("{}".utf8) : body)
    } catch {
      throw .invalidRequest(error.message, param: error.param)
    }
  }

  /// The text of a member; nil when it is not there.
  func text(_ name: StaticString) throws(APIError) -> String? {
    guard let node = document.member(name, of: document.root), !document.isNull(node) else { return nil }
    guard let text = document.string(node) else {
      throw .invalidRequest("`\(name)` must be a string.", param: "\(name)")
    }
    return text
  }

  /// A member that must be true or false.
  func flag(_ name: StaticString) throws(APIError) -> Bool {
    guard let node = document.member(name, of: document.root), let flag = document.bool(node) else {
      throw .invalidRequest("`\(name)` must be true or false.", param: "\(name)")
    }
    return flag
  }
}
