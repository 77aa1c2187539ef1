import GatewayTypes
import Glibc

/// Goes through a whole ledger, line by line, and proves it or says where it is wrong.
///
/// Every link of the chain is made again, every amount and token is added again in whole numbers, and the
/// sums are compared with the checkpoint at its place. Memory stays the same whatever the ledger's size.
package struct LedgerAudit: Sendable {
  /// One thing that is wrong, or worth saying.
  package struct Finding: Hashable, Sendable, CustomStringConvertible {
    /// The file, and the line in it from 1; nil for what is not about one line.
    package var file: String?
    package var line: Int?
    package var text: String

    package var description: String {
      switch (file, line) {
      case (let file?, let line?): "\(file):\(line): \(text)"
      case (let file?, nil): "\(file): \(text)"
      case (nil, _): text
      }
    }
  }

  /// The files that were read, oldest first.
  package private(set) var files: [String] = []
  /// Lines of requests.
  package private(set) var lineCount = 0
  package private(set) var total = UsageSum()
  /// The first things that are wrong, and how many there are.
  package private(set) var errors: [Finding] = []
  package private(set) var errorCount = 0
  /// What is no error, such as a line that a crash tore.
  package private(set) var notes: [Finding] = []
  package private(set) var noteCount = 0
  /// The last line's link: noted elsewhere it proves every line up to it. Nil for an empty ledger.
  package private(set) var lastLink: String?

  package var isClean: Bool { errorCount == 0 }

  /// Of errors and of notes, so many are described.
  package static let maximumFindingCount = 20

  /// Audits the ledger at `path`; nothing is changed, and a gateway may be running. `progress` is told now
  /// and then how many of how many bytes are done.
  package init(
    path: String, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(UsageLogError) {
    // All are opened before the first is read, so that a rotation meanwhile takes none away.
    let files = try LogFiles.open(of: path)
    guard !files.isEmpty else { throw .noLedger(path: path) }
    self.files = files.map(\.path)
    var size = 0
    for file in files { size += try file.size() }

    var pass = AuditPass(
      checkpoint: loadCheckpoint(of: path), beginsLate: LogFiles.number(of: files[0].path, ledger: path) != 1)
    var done = 0
    var lines: [LogReader.Line] = []
    for file in files {
      let reader = LogReader(file)
      var number = 0
      while try reader.nextBlock(into: &lines) {
        for remark in pass.take(lines) { note(remark.verdict, file.path, number + remark.place + 1) }
        number += lines.count
        progress(done + reader.offset, size)
      }
      done += reader.offset
      if reader.endsInsideLine {
        note(
          .note("a line without its end, as a crash or a running gateway leaves it"), file.path, number + 1)
      }
    }
    progress(size, size)
    lineCount = pass.state.lineCount
    total = pass.sum
    lastLink = pass.lastLink?.description
    if let wrong = pass.checkpointIsMissed { note(wrong, Checkpoint.path(ofLedger: path), nil) }
    try lookAtRequestsInFlight(path)
  }

  private mutating func note(_ verdict: AuditVerdict, _ file: String?, _ line: Int?) {
    switch verdict {
    case .error(let text):
      errorCount += 1
      if errors.count < Self.maximumFindingCount {
        errors.append(Finding(file: file, line: line, text: text))
      }
    case .note(let text):
      noteCount += 1
      if notes.count < Self.maximumFindingCount { notes.append(Finding(file: file, line: line, text: text)) }
    }
  }

  /// The checkpoint; a damaged one is told of, and is no error: the next start makes a new one.
  private mutating func loadCheckpoint(of path: String) -> LedgerState? {
    let file = Checkpoint.path(ofLedger: path)
    do throws(CheckpointError) {
      return try Checkpoint.load(file)
    } catch {
      note(.note("damaged; the next start reads the whole ledger"), file, nil)
      return nil
    }
  }

  private mutating func lookAtRequestsInFlight(_ path: String) throws(UsageLogError) {
    let tablePath = InFlightTable.path(ofLedger: path)
    let descriptor = open(tablePath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let isRunning = flock(descriptor, LOCK_SH | LOCK_NB) != 0
    let contents = try InFlightContents(descriptor: descriptor, path: tablePath)
    if isRunning {
      note(.note("the gateway is running, with \(contents.entries.count) requests in flight"), nil, nil)
      return
    }
    if contents.torn > 0 {
      note(.error("\(contents.torn) slots are torn, as by a power cut"), tablePath, nil)
    }
    let written = try contents.idsWritten(in: path)
    let owed = contents.entries.filter { !written.contains($0.id) }
    let unknown = owed.filter { $0.status == .unknown }
    if owed.count > unknown.count {
      note(
        .note(
          "the lines of \(owed.count - unknown.count) requests found no room on the disk; the next start writes them"
        ),
        tablePath, nil)
    }
    guard !unknown.isEmpty else { return }
    let bound = unknown.reduce(into: Money.zero) { $0 += $1.cost }
    note(
      .note(
        "\(unknown.count) requests were in flight when the gateway died; the next start charges them \(bound) USD"
      ),
      tablePath, nil)
  }
}

/// What an audit thinks of something.
enum AuditVerdict: Hashable {
  case error(String)
  case note(String)
}
