/// Finds the known name that a mistyped one was probably meant to be.
enum NearestName {
  /// The nearest of `known`, or nil when none is near enough to be helpful.
  ///
  /// Near is a third of the letters wrong at most, where two swapped neighbours count as one; or a whole
  /// word of the known name, as `rpm` is of `rate_limit_rpm`. Case, `-` and `_` make no difference.
  static func find(_ written: String, in known: some Sequence<String>) -> String? {
    let written = folded(written)
    guard !written.isEmpty && written.count <= 64 else { return nil }
    let known = Array(known)
    let ranked = known.map { name in (name: name, distance: distance(written, folded(name))) }
    if let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= max(1, written.count / 3) {
      return best.name
    }
    guard written.count >= 3 else { return nil }
    return known.first { folded($0).split(separator: UInt8(ascii: "_")).contains(written[...]) }
  }

  private static func folded(_ name: String) -> [UInt8] {
    name.lowercased().utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
  }

  /// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
        var best = min(replaced, last[column + 1] + 1, current[column] + 1)
        if row > 0 && column > 0 && left[row] == right[column - 1] && left[row - 1] == right[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
