import Glibc
internal import JSON

/// The field's common price map: a JSON object of model name → prices per token and limits.
///
/// The shape is that of
/// https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json, which many tools read.
package struct PriceMap: Sendable {
  /// Why a map gives nothing, in a sentence that names the file.
  package struct Failure: Error, CustomStringConvertible, Sendable {
    package let description: String
  }

  /// What a map comes to for some of its models.
  package struct Selection: Sendable {
    /// Entries for `providers:` as lines of YAML, each ending in a newline, in the map's order.
    package let yaml: String
    package let entryCount: Int
    /// What was left out and why, each with the model's name.
    package let warnings: [String]
  }

  /// Ten times the largest map known.
  private static let sizeLimit = 32 << 20
  /// The map's own explanation of its keys, which is no model.
  private static let explanation = "sample_spec"

  private let path: String
  private let document: JSONDocument

  /// Reads the whole file.
  package init(path: String) throws(Failure) {
    let bytes: [UInt8]
    do throws(TextFile.Trouble) {
      bytes = try TextFile(path: path, limit: PriceMap.sizeLimit).bytes
    } catch {
      throw Failure(description: "\(path.quotedForMessage): \(error)")
    }
    try self.init(bytes, path: path)
  }

  /// Reads the text of a map; `path` is what errors call it.
  init(_ bytes: [UInt8], path: String) throws(Failure) {
    do throws(JSONError) {
      document = try JSONDocument(parsing: bytes)
    } catch {
      throw Failure(description: "\(path.quotedForMessage) is not JSON: \(error)")
    }
    guard document.kind(of: document.root) == .object else {
      throw Failure(
        description: "\(path.quotedForMessage) is no price map: expected an object of model names, found "
          + "\(document.kind(of: document.root).phrase)")
    }
    self.path = path
  }

  /// The models whose names match any of `patterns`, in which `*` is any text and `?` any character; all,
  /// where there is no pattern. A pattern that matches none is a failure.
  package func selection(matching patterns: [String]) throws(Failure) -> Selection {
    var unmatched = Set(patterns)
    var yaml = ""
    var entryCount = 0
    var warnings: [String] = []
    for (key, value) in document.members(of: document.root) {
      guard let name = document.string(key), name != PriceMap.explanation else { continue }
      let matching = patterns.filter { fnmatch($0, name, 0) == 0 }
      guard patterns.isEmpty || !matching.isEmpty else { continue }
      unmatched.subtract(matching)
      var entry = PriceMapEntry(name: name, value: value, in: document)
      if let lines = entry.yaml() {
        yaml += lines
        entryCount += 1
      }
      warnings += entry.warnings
    }
    if let pattern = patterns.first(where: unmatched.contains) { throw noMatch(pattern) }
    return Selection(yaml: yaml, entryCount: entryCount, warnings: warnings)
  }

  private func noMatch(_ pattern: String) -> Failure {
    let names = document.members(of: document.root).compactMap { document.string($0.key) }
    let nearest = NearestName.find(pattern, in: names).map { "; did you mean '\($0)'?" } ?? ""
    return Failure(
      description: "no model of \(path.quotedForMessage) matches \(pattern.quotedForMessage)\(nearest)")
  }
}
