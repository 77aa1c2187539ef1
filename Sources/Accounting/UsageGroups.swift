/// The sums of each provider, each model, each user and so on, with a limit on how many.
package struct UsageGroups: Sendable {
  /// By name; at most `limit`.
  package private(set) var sums: [String: UsageSum] = [:]
  /// The requests of all further names. Shown as `otherName`, and a caller who takes that name is
  /// counted here too.
  package private(set) var others = UsageSum()
  /// How many names are kept apart: the first that come.
  package let limit: Int

  package static let otherName = "(other)"

  package init(limit: Int) {
    self.limit = limit
  }

  /// Adds to the sum of `name`; a request without a name is in no group.
  package mutating func add(_ sum: UsageSum, to name: String?) {
    guard let name else { return }
    if name == UsageGroups.otherName {
      others += sum
    } else if sums.count < limit {
      sums[name, default: UsageSum()] += sum
    } else if let index = sums.index(forKey: name) {
      sums.values[index] += sum
    } else {
      others += sum
    }
  }

  mutating func add(_ other: UsageGroups) {
    others += other.others
    for (name, sum) in other.sums { add(sum, to: name) }
  }

  /// Appends an object from name to sums, sorted by name, so that two answers can be compared.
  func appendJSON(to json: inout [UInt8]) {
    json.append(UInt8(ascii: "{"))
    var isFirst = true
    for (name, sum) in sums.sorted(by: { $0.key < $1.key }) {
      if !isFirst { json.append(UInt8(ascii: ",")) }
      isFirst = false
      json.append(string: name, limit: UsageRecord.maximumTextSize)
      json.append(UInt8(ascii: ":"))
      sum.appendJSON(to: &json)
    }
    if others.requests > 0 {
      if !isFirst { json.append(UInt8(ascii: ",")) }
      json.append(string: UsageGroups.otherName, limit: UsageRecord.maximumTextSize)
      json.append(UInt8(ascii: ":"))
      others.appendJSON(to: &json)
    }
    json.append(UInt8(ascii: "}"))
  }
}
