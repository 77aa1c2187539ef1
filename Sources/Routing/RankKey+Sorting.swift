extension Array<RankKey> {
  /// Puts the keys in order, the smallest first.
  ///
  /// A thousand keys that come in no order make every second comparison a surprise to the processor, which
  /// costs more than the comparison. So many are first dealt out over as many slots as there are keys, each
  /// for an even part of the range from the least to the greatest, and again where many share a slot: what is
  /// left to compare is a few.
  mutating func sortKeys() {
    guard count > RankKey.few, var least = first else {
      var keys = mutableSpan
      return keys.sortFew(0..<keys.count)
    }
    var greatest = least
    for key in self {
      least = Swift.min(least, key)
      greatest = Swift.max(greatest, key)
    }
    // The first bits in which keys differ choose the slot, about one for each key. Keys differ in their tie,
    // so those that share a slot differ in fewer bits, and it ends.
    let width = Swift.max(0, RankKey.bitWidth(of: least, greatest) - slotBits)
    let slots = greatest.slot(above: least, width: width) + 1
    var slotEnds = [UInt32](repeating: 0, count: slots + 1)
    // Spans, as an array looks at every assignment whether it is shared.
    var ends = slotEnds.mutableSpan
    for key in self { ends[key.slot(above: least, width: width) + 1] += 1 }
    for slot in 1...slots { ends[slot] += ends[slot - 1] }
    // From here on `ends[slot]` is where the slot's next key goes; at last it is where the slot ends.
    var sorted = self
    var dealt = sorted.mutableSpan
    for key in self {
      let slot = key.slot(above: least, width: width)
      dealt[Int(ends[slot])] = key
      ends[slot] += 1
    }
    var start = 0
    for slot in 0..<slots {
      let range = start..<Int(ends[slot])
      if range.count <= RankKey.few { dealt.sortFew(range) } else { dealt.sortMany(range) }
      start = range.upperBound
    }
    self = sorted
  }

  /// The whole part of the base 2 logarithm of the count.
  private var slotBits: Int { Int.bitWidth - count.leadingZeroBitCount }
}

extension MutableSpan<RankKey> {
  fileprivate mutating func sortFew(_ range: Range<Int>) {
    for next in range.dropFirst() {
      let key = self[next]
      var place = next
      while place > range.lowerBound, key < self[place - 1] {
        self[place] = self[place - 1]
        place -= 1
      }
      self[place] = key
    }
  }

  fileprivate mutating func sortMany(_ range: Range<Int>) {
    var part: [RankKey] = range.map { self[$0] }
    part.sortKeys()
    for (offset, key) in part.enumerated() { self[range.lowerBound + offset] = key }
  }
}
