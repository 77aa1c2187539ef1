package import Accounting
import JSON

/// Finds and reads what the ledger's companion keeps.
package final class DecisionReader {
  private let walk: DecisionWalk
  private var headings: [UInt64: DecisionHeading] = [:]

  /// Reads the decisions beside the ledger at `path`, the oldest first.
  package init(ledger path: String) throws(UsageLogError) {
    walk = try DecisionWalk(ledger: path)
  }

  /// The next decision; nil when there is none. A line that is none, as a crash leaves it, is passed over.
  package func next() throws(UsageLogError) -> Decision? {
    while let line = try walk.next() {
      guard let document = try? JSONDocument(parsing: line) else { continue }
      if let key = document.text("heading", of: document.root).flatMap({ UInt64($0, radix: 16) }) {
        headings[key] = DecisionHeading(line: line)
        continue
      }
      guard let key = Decision.headingKey(document), let heading = headings[key],
        let decision = Decision(document, heading)
      else { continue }
      return decision
    }
    return nil
  }

  /// The decision of the request `id`; nil when the companion has none. Reads the disk: not for a loop's thread.
  package static func decision(of id: String, ledger path: String) throws(UsageLogError) -> Decision? {
    func document(_ line: [UInt8]) -> JSONDocument? { try? JSONDocument(parsing: line) }
    let found = try LedgerSearch.decision(
      of: id, ledger: path,
      where: { line in
        guard let document = document(line) else { return false }
        return document.text("i", of: document.root) == id && Decision.headingKey(document) != nil
      }, heading: { line in document(line).flatMap(Decision.headingKey).map(DecisionHeading.beginning) })
    guard let found, let heading = DecisionHeading(line: found.heading) else { return nil }
    return Decision(line: found.line, heading: heading)
  }
}
