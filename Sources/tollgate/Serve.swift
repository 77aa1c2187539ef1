import Accounting
import ArgumentParser
import CLinux
import Configuration
import Dispatch
import Gateway
import Glibc

/// `tollgate serve`, the default: runs the gateway until it is told to end.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Run the gateway (the default).")

  @OptionGroup var options: ConfigurationOptions

  @Option(name: .long, help: "The address to serve, in place of server.host.")
  var host: String?

  @Option(name: .long, help: "The port to serve, in place of server.port; 0 takes a free one.")
  var port: Int?

  @Option(name: .long, help: "The dashboard's folder; by default 'ui' beside the configuration file or here.")
  var ui: String?

  func validate() throws {
    if let port, !(0...65_535).contains(port) { throw ValidationError("--port is a number from 0 to 65535.") }
  }

  func run() throws {
    let configuration = try load()
    let service: GatewayService
    do throws(GatewayService.StartError) {
      service = try GatewayService(
        configuration,
        setting: GatewayService.Setting(
          ledgerPath: options.resolve(configuration.ledger.path), uiFolder: uiFolder,
          environment: ConfigurationOptions.environment, report: { printError("tollgate: \($0)") }))
    } catch {
      printError("tollgate: \(error)")
      throw ExitCode(1)
    }
    let lifecycle = Lifecycle(service: service, load: { try load() }, path: options.config)
    // Whoever reads that it serves may tell it to end at once.
    lifecycle.begin { announce(service, configuration) }
    // Linking, the command line and the file are done with; their code is a quarter of the memory so far.
    clinux_release_file_pages()
    withExtendedLifetime(lifecycle) { dispatchMain() }
  }

  /// The file, with the command line's address over it.
  private func load() throws -> GatewayConfiguration {
    var configuration = try options.load()
    if let port { configuration.server.port = port }
    if let host {
      configuration.server.host = host
      if let refusal = configuration.refusalToBind(host: host) {
        printError("tollgate: \(refusal)")
        throw ExitCode(1)
      }
    }
    return configuration
  }

  private var uiFolder: String {
    if let ui { return ui }
    let besideFile = options.resolve("ui")
    return access("\(besideFile)/index.html", R_OK) == 0 ? besideFile : "ui"
  }

  /// Says where the gateway is, which providers it has, and how to ask it.
  private func announce(_ service: GatewayService, _ configuration: GatewayConfiguration) {
    let host = configuration.server.host
    let name = ["0.0.0.0", "::"].contains(host) ? "127.0.0.1" : host.contains(":") ? "[\(host)]" : host
    let address = "http://\(name):\(service.port)"
    for warning in configuration.warnings { printError("warning: \(warning)") }
    if service.endedTornLine {
      printError("warning: the usage log ended inside a line, as after a crash; it was ended")
    }
    for message in service.opening.messages { printError("warning: \(message)") }
    let (ended, unknown) = (service.recovery.ended, service.recovery.recorded - service.recovery.ended)
    if unknown > 0 {
      printError(
        "warning: \(unknown) requests were in flight when the gateway last died; they are in the usage "
          + "log as 'unknown', charged at their bound of \(service.recovery.charged) USD together")
    }
    if ended > 0 {
      printError(
        "warning: the lines of \(ended) requests had found no room on the disk when the gateway last ended; they are "
          + "in the usage log now")
    }
    if service.recovery.waiting > 0 {
      printError(
        "warning: the disk has no room for these lines; they are written as soon as it has, and stay in the table "
          + "of requests in flight until then")
    }
    print("tollgate \(Version.current) serves \(address) with \(service.workerCount) workers")
    for provider in configuration.providers {
      let reason = provider.disabledReason.map { "disabled: \($0)" } ?? "enabled"
      print("  \(provider.id) (\(provider.model)): \(reason)")
    }
    print("Try it:")
    print("  curl -s \(address)/generate -d '{\"prompt\": \"Say hello in one sentence.\"}'")
    // Whoever reads this through a pipe waits for it.
    fflush(nil)
  }
}
