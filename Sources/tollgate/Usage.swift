import Accounting
import ArgumentParser
import Configuration

/// `tollgate usage`: what was used and paid, by one property of the requests.
struct Usage: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, csv, json
  }

  static let configuration = CommandConfiguration(
    abstract: "Show what the usage log comes to, rotated files included.")

  @OptionGroup var options: ConfigurationOptions

  @Option(
    name: .long,
    help: "What the rows are of: \(UsageReport.Key.allCases.map(\.rawValue).joined(separator: ", ")).")
  var by: UsageReport.Key = .provider

  @Option(
    name: .long, help: "From when on: a stretch of time before now (30m, 12h, 7d), a date, or a time in UTC.")
  var since: PointInTime?

  @Option(name: .long, help: "Until when, not included: as --since.")
  var until: PointInTime?

  @Option(name: .long, help: "table, csv or json.")
  var format = Format.table

  func run() throws {
    let path = options.resolve(try options.load().ledger.path)
    let progress = ProgressLine("usage")
    let now = Timestamp.now()
    let report: UsageReport
    do throws(UsageLogError) {
      report = try UsageReport(path: path, by: by, since: since?.time(now), until: until?.time(now)) {
        done, total in
        progress.show(done, of: total)
      }
    } catch {
      progress.clear()
      printError("tollgate: \(error)")
      throw ExitCode(1)
    }
    progress.clear()
    if report.garbledCount > 0 {
      printError("warning: \(report.garbledCount) lines are not usage; 'tollgate audit' says which")
    }
    let text =
      switch format {
      case .table: report.table()
      case .csv: report.csv()
      case .json: report.json()
      }
    print(text, terminator: "")
  }
}

extension UsageReport.Key: ExpressibleByArgument {}

extension PointInTime: ExpressibleByArgument {}
