import ArgumentParser
import Gateway
import Glibc

/// The command `tollgate`.
@main
struct Tollgate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tollgate",
    abstract: "An LLM gateway whose bill is right: the cheapest good answer from whichever provider is up.",
    version: "tollgate \(Version.current)",
    subcommands: [
      Serve.self, Check.self, Usage.self, Audit.self, Explain.self, Replay.self, PricesCommand.self,
      Simulate.self,
    ],
    defaultSubcommand: Serve.self)

  /// Wrong usage ends with 2, as SPEC and most commands have it, rather than the parser's 64.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let isUsage = exitCode(for: error) == .validationFailure
      guard isUsage else { exit(withError: error) }
      printError(fullMessage(for: error))
      Glibc.exit(2)
    }
  }
}

/// Writes a line to standard error.
func printError(_ text: String) {
  let line = Array((text + "\n").utf8)
  _ = write(STDERR_FILENO, line, line.count)
}
