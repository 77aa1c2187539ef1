/// What every part of the decoding needs: where variables come from, where errors go, where files are.
struct DecodingContext {
  let environment: Environment
  let diagnostics: Diagnostics
  /// The configuration file's folder with a closing slash, or empty for the current one.
  let folder: String

  /// Reads a single value and puts variables in; nil when it cannot be, which is then reported.
  func scalar(_ node: YAMLNode, label: String) -> Scalar? {
    guard let (scalar, expansion) = expansion(of: node, label: label) else { return nil }
    guard let name = expansion.unset.first else { return scalar }
    diagnostics.report(
      "\(label): environment variable \(name) is not set; export it, add \(name)=… to .env beside this file, "
        + "or write ${\(name):-default}", at: node.mark)
    return nil
  }

  /// As `scalar(_:label:)`, but leaves it to the caller what a variable without a value means.
  func expansion(of node: YAMLNode, label: String) -> (Scalar, EnvironmentExpansion)? {
    guard case .scalar(let written, _) = node.content, !node.isNull else {
      let found =
        node.isNull
        ? "has no value; write one or remove the key" : "must be a single value, found \(node.kindName)"
      diagnostics.report("\(label) \(found)", at: node.mark)
      return nil
    }
    do throws(EnvironmentExpansion.Problem) {
      let expansion = try EnvironmentExpansion(written, in: environment)
      return (Scalar(text: expansion.text, written: written, mark: node.mark), expansion)
    } catch {
      diagnostics.report("\(label): \(error)", at: node.mark)
      return nil
    }
  }
}

/// A single value: as it reads with the variables put in, and as it was written.
struct Scalar {
  var text: String
  /// Messages quote this: a variable's value may be a secret, its name is not.
  var written: String
  var mark: YAMLMark

  var quoted: String {
    if written.isEmpty { return "an empty text" }
    // The text differs by its variables, so what is wrong cannot be seen in the file.
    return text == written ? written.quotedForMessage : "what \(written.quotedForMessage) stands for"
  }
}
