import Foundation
import HTTP
import Testing

@testable import Gateway

/// The shipped `ui/openapi.json` against the paths that are served.
@Suite("OpenAPI document")
struct OpenAPIDocumentTests {
  private struct Document: Decodable {
    struct Info: Decodable {
      var version: String
    }
    /// The members of a path: methods, mostly.
    struct Path: Decodable {
      var methods: Set<String>

      private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
      }

      init(from decoder: any Decoder) throws {
        methods = Set(try decoder.container(keyedBy: Name.self).allKeys.map { $0.stringValue.uppercased() })
      }
    }
    var openapi: String
    var info: Info
    var paths: [String: Path]
  }

  private static let document: Document = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../ui/openapi.json")
    do {
      return try JSONDecoder().decode(Document.self, from: Data(contentsOf: file))
    } catch {
      preconditionFailure("ui/openapi.json cannot be read: \(error)")
    }
  }()

  /// Each path that is served, as documents write it, with the methods that are not a matter of course.
  private static let served: [String: Set<String>] = {
    var served = RouteTable.fixed.mapValues { entry in entry.methods }
    for entry in RouteTable.named { served[entry.template] = entry.methods }
    return served.mapValues { methods in Set(methods.map { "\($0.name)" }).subtracting(["HEAD"]) }
  }()

  @Test("has every path with its methods, and no other")
  func paths() {
    let documented = Self.document.paths.mapValues(\.methods)
    for (path, methods) in Self.served {
      #expect(documented[path] == methods, "\(path) is served by \(methods.sorted())")
    }
    for path in documented.keys {
      #expect(Self.served[path] != nil, "\(path) is documented and not served")
    }
  }

  @Test("is of this version")
  func version() {
    #expect(Self.document.openapi.hasPrefix("3.1."))
    #expect(Self.document.info.version == Version.current)
  }

  @Test(
    "a path that ends in a name keeps the name",
    arguments: [
      ("/v1/models/a/b", Route.model("a/b")), ("/ui/x/y.js", .page("x/y.js")), ("/docs", .page("docs.html")),
      ("/ui/", .page("")),
    ])
  func names(path: String, route: Route) {
    guard case .found(let found, _) = RouteTable.match(.get, rawTarget: Array(path.utf8)[...]) else {
      Issue.record("\(path) is not found")
      return
    }
    #expect(found == route)
  }
}
