import GatewayTypes

extension SectionReader {
  /// A single value as text, with variables put in.
  mutating func scalar(_ key: String) -> Scalar? {
    guard let node = node(key) else { return nil }
    return context.scalar(node, label: label(key))
  }

  /// A text that is not blank and has no control characters.
  mutating func text(_ key: String) -> Scalar? {
    guard let scalar = scalar(key), isText(scalar, label: label(key)) else { return nil }
    return scalar
  }

  /// A list of texts.
  mutating func texts(_ key: String) -> [Scalar]? {
    guard let node = node(key) else { return nil }
    return texts(node, label: label(key))
  }

  /// As `texts(_:)`, of a value already found.
  func texts(_ node: YAMLNode, label: String) -> [Scalar]? {
    list(node, label: label)?.compactMap { element in
      guard let scalar = context.scalar(element, label: label), isText(scalar, label: label) else {
        return nil
      }
      return scalar
    }
  }

  mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let scalar = scalar(key) else { return nil }
    // Int(_:) would also take a plus sign.
    if let value = Int(scalar.text), range.contains(value), !scalar.text.hasPrefix("+") { return value }
    let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    report("\(label(key)) must be \(allowed), found \(scalar.quoted)", at: scalar.mark)
    return nil
  }

  /// A number that is not money.
  mutating func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
    guard let node = node(key) else { return nil }
    return number(node, label: label(key), in: range)
  }

  /// As `number(_:in:)`, of a value already found.
  func number(_ node: YAMLNode, label: String, in range: ClosedRange<Double>) -> Double? {
    guard let scalar = context.scalar(node, label: label) else { return nil }
    // Double(_:) would also take `nan`, `inf` and hexadecimal.
    let isDecimal = scalar.text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
    if isDecimal, let value = Double(scalar.text), range.contains(value) { return value }
    let allowed = "a number from \(range.lowerBound.formatted) to \(range.upperBound.formatted)"
    report("\(label) must be \(allowed), found \(scalar.quoted)", at: scalar.mark)
    return nil
  }

  mutating func flag(_ key: String) -> Bool? {
    guard let scalar = scalar(key) else { return nil }
    switch scalar.text {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default:
      report("\(label(key)) must be true or false, found \(scalar.quoted)", at: scalar.mark)
      return nil
    }
  }

  mutating func duration(
    _ key: String, in range: ClosedRange<Duration> = .milliseconds(1) ... .seconds(86_400)
  )
    -> Duration?
  {
    guard let scalar = scalar(key) else { return nil }
    if let value = DurationText.duration(scalar.text), range.contains(value) { return value }
    let allowed = "from \(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))"
    report(
      "\(label(key)) must be a duration such as 30s, 500ms, 2m or 1h (a bare number is seconds), \(allowed), "
        + "found \(scalar.quoted)", at: scalar.mark)
    return nil
  }

  /// An amount of US dollars that may be spent.
  mutating func amount(_ key: String) -> Money? {
    guard let node = node(key) else { return nil }
    return amount(node, label: label(key))
  }

  /// As `amount(_:)`, of a value already found.
  func amount(_ node: YAMLNode, label: String) -> Money? {
    guard let scalar = context.scalar(node, label: label) else { return nil }
    let ceiling = Money.dollar * 1_000_000_000
    if let amount = try? Money(decimal: scalar.text), amount >= .zero, amount <= ceiling { return amount }
    report(
      "\(label) must be an amount of US dollars from 0 to \(ceiling.description.groupedByThousands) such as 1.50, "
        + "found \(scalar.quoted)", at: scalar.mark)
    return nil
  }

  /// One of the cases of an enumeration, by its raw value.
  mutating func choice<Choice>(_ key: String, of type: Choice.Type) -> Choice?
  where Choice: RawRepresentable<String> & CaseIterable {
    guard let scalar = scalar(key) else { return nil }
    if let choice = Choice(rawValue: scalar.text) { return choice }
    let names = Choice.allCases.map(\.rawValue)
    let nearest = NearestName.find(scalar.text, in: names).map { "; did you mean '\($0)'?" } ?? ""
    report("\(label(key)) must be \(names.joinedAsChoice), found \(scalar.quoted)\(nearest)", at: scalar.mark)
    return nil
  }

  private func isText(_ scalar: Scalar, label: String) -> Bool {
    let hasControl = scalar.text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    let isBlank = scalar.text.utf8.allSatisfy { $0 == 0x20 }
    guard !hasControl && !isBlank && scalar.text.utf8.count <= 4096 else {
      let found = isBlank ? "an empty text" : hasControl ? "control characters" : "more than 4096 bytes"
      report("\(label) must be a text on one line, found \(found)", at: scalar.mark)
      return false
    }
    return true
  }
}

extension Double {
  /// Without the `.0` of a whole number.
  fileprivate var formatted: String {
    self == rounded() ? String(Int(self)) : String(self)
  }
}
