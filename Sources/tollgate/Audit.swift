import Accounting
import ArgumentParser
import Configuration

/// `tollgate audit`: proves the ledger, or says where it is wrong.
struct Audit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify every line of the usage log, its chain and its sums; exit 1 when something is wrong.",
    discussion: """
      Reads the log and its rotated files from the first line, makes every link of the chain again, adds \
      every amount again in whole numbers, and compares the sums with the checkpoint. Nothing is changed, \
      and the gateway may be running. The last line's link is printed: kept elsewhere, it proves later \
      that nothing up to it was changed.
      """)

  @OptionGroup var options: ConfigurationOptions

  func run() throws {
    let path = options.resolve(try options.load().ledger.path)
    let progress = ProgressLine("audit")
    let audit: LedgerAudit
    do throws(UsageLogError) {
      audit = try LedgerAudit(path: path) { done, total in progress.show(done, of: total) }
    } catch {
      progress.clear()
      printError("tollgate: \(error)")
      throw ExitCode(1)
    }
    progress.clear()
    report(audit)
    guard audit.isClean else { throw ExitCode(1) }
  }

  private func report(_ audit: LedgerAudit) {
    for note in audit.notes { print("note: \(note)") }
    if audit.noteCount > audit.notes.count { print("note: and \(audit.noteCount - audit.notes.count) more") }
    for error in audit.errors { print("wrong: \(error)") }
    if audit.errorCount > audit.errors.count {
      print("wrong: and \(audit.errorCount - audit.errors.count) more")
    }
    let total = audit.total
    print(
      "\(audit.lineCount) requests in \(audit.files.count) files: \(total.promptTokens) prompt tokens, "
        + "\(total.completionTokens) completion tokens, \(total.cost) USD")
    if let link = audit.lastLink { print("the last link of the chain is \(link)") }
    print(audit.isClean ? "The usage log is right." : "The usage log is wrong in \(audit.errorCount) places.")
  }
}
