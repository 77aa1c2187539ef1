import ArgumentParser
import Configuration

/// `tollgate prices`: where prices come from.
struct PricesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prices", abstract: "Prices for the configuration file, so that nobody types them.",
    subcommands: [PricesImport.self])
}

/// `tollgate prices import`: the entries of a price map as lines for `providers.yaml`.
struct PricesImport: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case yaml
  }

  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Print provider entries with the prices of a price map (a JSON object of model names).",
    discussion: """
      Prices are read from their digits and written exactly, per million tokens. Add an address and a key to
      each entry. What cannot be taken over is told on standard error; exit 1 when nothing can.
      """)

  @Argument(help: "The price map, with input_cost_per_token and the like for each model.")
  var file: String

  @Option(
    name: .long,
    help: "Only models whose name matches; * is any text, ? any character. May be given again.")
  var model: [String] = []

  @Option(name: .long, help: "yaml.")
  var format = Format.yaml

  func run() throws {
    let selection: PriceMap.Selection
    do throws(PriceMap.Failure) {
      selection = try PriceMap(path: file).selection(matching: model)
    } catch {
      printError("tollgate: \(error)")
      throw ExitCode(1)
    }
    for warning in selection.warnings { printError("warning: \(warning)") }
    guard selection.entryCount > 0 else {
      printError("tollgate: no model's prices could be taken over")
      throw ExitCode(1)
    }
    switch format {
    case .yaml: print(selection.yaml, terminator: "")
    }
  }
}
