/// Names that operators give to providers, keys and aliases.
///
/// They stand in URLs, log lines, metrics labels and headers, so they keep to characters that need no
/// escape anywhere. The slash is left out: it joins name and model in an id.
enum Identifier {
  static let lengthLimit = 64

  /// Says what is wrong with `name`; nil when it is a good one.
  static func problem(_ name: String) -> String? {
    let allowed = name.utf8.allSatisfy { $0.isASCIILetterOrDigit || "._-".utf8.contains($0) }
    guard allowed, !name.isEmpty, name.utf8.count <= lengthLimit else {
      return "must be 1 to \(lengthLimit) letters, digits, '.', '_' or '-'"
    }
    // A request for the model `auto` asks for any provider.
    return name == "auto" ? "must not be 'auto', which stands for any provider" : nil
  }
}

extension SectionReader {
  /// A required name; where it is missing or wrong, that is reported and the text is empty.
  mutating func identifier(_ key: String) -> Scalar {
    guard entry(key) != nil else {
      report("\(name) has no \(key); add '\(key): …'", at: mark)
      return Scalar(text: "", written: "", mark: mark)
    }
    guard let scalar = text(key) else { return Scalar(text: "", written: "", mark: place(of: key)) }
    guard let problem = Identifier.problem(scalar.text) else { return scalar }
    report("\(key) \(problem), found \(scalar.quoted)", at: scalar.mark)
    return Scalar(text: "", written: "", mark: scalar.mark)
  }
}
