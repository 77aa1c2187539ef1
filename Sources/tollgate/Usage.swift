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

/// A moment as the command line spells it.
enum PointInTime: ExpressibleByArgument {
  case before(milliseconds: Int64)
  case at(Timestamp)

  /// `7d`, `12h`, `30m`, `2026-11-21` or `2026-11-21T09:00:00Z`.
  init?(argument: String) {
    let text = argument.hasSuffix("Z") ? argument : argument + "T00:00:00Z"
    if let time = Timestamp(rfc3339: Array(text.utf8).span) {
      self = .at(time)
      return
    }
    let units: [Character: Int64] = ["m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard let unit = argument.last.flatMap({ units[$0] }), let count = Int64(argument.dropLast()),
      (0...1_000_000).contains(count)
    else { return nil }
    self = .before(milliseconds: count * unit)
  }

  /// The moment itself; one before 1970 is 1970.
  func time(_ now: Timestamp) -> Timestamp {
    switch self {
    case .before(let milliseconds):
      Timestamp(millisecondsSince1970: max(0, now.millisecondsSince1970 - milliseconds))
    case .at(let time): time
    }
  }
}
