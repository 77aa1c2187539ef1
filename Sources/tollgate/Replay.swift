import Accounting
import ArgumentParser
import Configuration
import Simulation

/// `tollgate replay`: the requests of the usage log, decided again under another file.
struct Replay: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, json
  }

  static let configuration = CommandConfiguration(
    abstract: "Decide the requests of the usage log again under a configuration file, and compare.",
    discussion: """
      Nobody is asked: limits, cooldowns, breakers and concurrency are simulated on the clock of the log, \
      failures of the log happen again, and a request that goes elsewhere costs that provider's prices on \
      the tokens that it used. Old is what the log has, new is what the file would have made of it.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Option(name: .long, help: "The usage log; by default ledger.path of the configuration file.")
  var ledger: String?

  @Option(
    name: .long, help: "From when on: a stretch of time before now (30m, 12h, 7d), a date, or a time in UTC.")
  var since: PointInTime?

  @Option(name: .long, help: "Until when, not included: as --since.")
  var until: PointInTime?

  @Option(name: .long, help: "table or json.")
  var format = Format.table

  func run() throws {
    let configuration = try options.load()
    let path = ledger ?? options.resolve(configuration.ledger.path)
    let progress = ProgressLine("replay")
    let now = Timestamp.now()
    let replay: LedgerReplay
    do throws(UsageLogError) {
      replay = try LedgerReplay(
        ledger: path, under: configuration, since: since?.time(now), until: until?.time(now)
      ) { done, total in progress.show(done, of: total) }
    } catch {
      progress.clear()
      printError("tollgate: \(error)")
      throw ExitCode(1)
    }
    progress.clear()
    if replay.garbledCount > 0 {
      printError("warning: \(replay.garbledCount) lines are not usage; 'tollgate audit' says which")
    }
    switch format {
    case .table: print(replay.table(), terminator: "")
    case .json: print(replay.json(), terminator: "")
    }
  }
}
