import Dispatch

/// Follows the chain through the lines of a ledger, a block of them at a time, on a thread of its own: each link
/// needs the one before, so the chain is made on one thread, and everything else about the lines beside it.
final class ChainCheck {
  /// The links of one block of lines that do not fit.
  struct Breaks {
    /// Places in the block, in order.
    var places: [Int] = []
    /// Of those, the one that is the chain's first link: it follows what is not here.
    var first: Int?
  }

  private let queue = DispatchQueue(label: "tollgate.audit.chain")
  private let work = Work()

  /// What the thread works on. Handed to and fro: only one side has it at a time.
  private final class Work: @unchecked Sendable {
    // @unchecked: the audit touches it only before `begin` and after `finish`, the queue in between.
    var lines: [LogReader.Line] = []
    var breaks = Breaks()
    var link = ChainLink.genesis
    var hasChain = false

    func check() {
      // In variables of its own: a store into this object for each line would take the piece of cache from the
      // other thread, which has things beside it.
      var (breaks, link, hasChain) = (Breaks(), link, hasChain)
      for (place, line) in lines.enumerated() {
        guard let next = ChainLink(endOf: line.bytes) else { continue }
        let end = line.bytes.count - ChainLink.suffixSize
        if link.next(UnsafeRawBufferPointer(rebasing: line.bytes[..<end])) != next {
          breaks.places.append(place)
          if !hasChain { breaks.first = place }
        }
        // It goes on from there in any case, so that one break is told once.
        (link, hasChain) = (next, true)
      }
      (self.breaks, self.link, self.hasChain) = (breaks, link, hasChain)
    }
  }

  /// The last line's link; nil while there was none.
  var lastLink: ChainLink? { work.hasChain ? work.link : nil }

  /// Calls `body` while the chain of `lines` is made beside it, and returns the links that do not fit. The bytes
  /// of `lines` must stay as they are until then.
  func check(_ lines: [LogReader.Line], while body: () -> Void) -> Breaks {
    let done = DispatchGroup()
    work.lines = lines
    queue.async(group: done) { [work] in work.check() }
    body()
    done.wait()
    work.lines = []
    return work.breaks
  }
}
