import ArgumentParser
import Configuration
import Simulation

/// `tollgate simulate`: a scripted day, played by the gateway's own router.
struct Simulate: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, json
  }

  static let configuration = CommandConfiguration(
    abstract: "Play a scripted day of traffic and outages through the router, without any network.",
    discussion: """
      The script says who asks what and when, and how each provider behaves; docs/routing.md explains it, and \
      docs/simulation/day.yaml is one. The clock is virtual: a day takes seconds. The same seed gives the \
      same bytes.
      """)

  @Argument(help: "The script.")
  var script: String?

  @Option(name: .long, help: "The seed, in place of the script's.")
  var seed: UInt64?

  @Option(name: .long, help: "table or json.")
  var format = Format.table

  @Flag(
    name: .long,
    help:
      "Play the same requests and the same trouble with simpler ways of choosing, and show them side by side."
  )
  var compare = false

  @Flag(
    name: .long,
    help: """
      Hold every call against what routing promises and exit 1 where it is broken. Without a script each seed \
      makes a small world of its own.
      """)
  var check = false

  @Option(name: .long, help: "How many seeds to check, counted up from --seed.")
  var seeds = 1

  func validate() throws {
    if script == nil && !check { throw ValidationError("Missing expected argument '<script>'") }
    if compare && check {
      throw ValidationError("--compare and --check are for different questions; keep one.")
    }
    if seeds < 1 { throw ValidationError("--seeds must be 1 or more.") }
    if seeds > 1 && !check { throw ValidationError("--seeds is for --check.") }
  }

  func run() throws {
    let script = try load()
    if check { return try checkAll(script) }
    guard let script else { preconditionFailure("without a script only --check is let through") }
    let reports = (compare ? Chooser.compared : [.tollgate]).map { chooser in
      play(script, by: chooser)
    }
    let text =
      switch (format, compare) {
      case (.json, true): SimulationReport.json(reports)
      case (.json, false): reports[0].json()
      case (.table, true): reports[0].table() + "\n" + SimulationReport.comparison(reports)
      case (.table, false): reports[0].table()
      }
    print(text, terminator: "")
  }

  private func load() throws -> SimulationScript? {
    guard let path = script else { return nil }
    do throws(ConfigurationErrors) {
      return try SimulationFile.load(path: path, environment: ConfigurationOptions.environment)
    } catch {
      printError(error.description)
      throw ExitCode(1)
    }
  }

  private func play(_ script: SimulationScript, by chooser: Chooser) -> SimulationReport {
    let progress = ProgressLine(chooser.name)
    defer { progress.clear() }
    return Simulator(script, seed: seed, chooser: chooser).run { passed in
      progress.show(passed / script.duration)
    }
  }
}
