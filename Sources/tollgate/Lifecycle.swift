import Accounting
import Configuration
import Dispatch
import Gateway
import Glibc

/// What a running gateway is told from outside: signals, and changes of its file.
final class Lifecycle {
  private let service: GatewayService
  private let load: () throws -> GatewayConfiguration
  private let path: String
  private var sources: [any DispatchSourceProtocol] = []
  private var lastChange: FileChange?
  private var isEnding = false
  /// Signals that Dispatch does not watch for yet.
  private let registrations = DispatchGroup()

  /// How often the file is looked at.
  private static let lookInterval: DispatchTimeInterval = .seconds(1)

  init(service: GatewayService, load: @escaping () throws -> GatewayConfiguration, path: String) {
    self.service = service
    self.load = load
    self.path = path
    lastChange = FileChange(of: path)
  }

  /// Begins to listen, on the main queue; `isReady` is called there once no signal can be missed any more.
  func begin(isReady: @escaping () -> Void) {
    on(SIGTERM) { [unowned self] in end() }
    on(SIGINT) { [unowned self] in end() }
    on(SIGHUP) { [unowned self] in
      reload()
      reopenLedger()
    }
    let timer = DispatchSource.makeTimerSource(queue: .main)
    timer.schedule(
      deadline: .now() + Self.lookInterval, repeating: Self.lookInterval, leeway: .milliseconds(200))
    timer.setEventHandler { [unowned self] in reloadIfChanged() }
    timer.activate()
    sources.append(timer)
    registrations.notify(queue: .main) { isReady() }
  }

  private func on(_ number: Int32, _ action: @escaping () -> Void) {
    // Dispatch is told of a signal that the process would otherwise die of.
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .main)
    source.setEventHandler(handler: action)
    // Until Dispatch has it, a signal that comes is lost.
    registrations.enter()
    source.setRegistrationHandler { [registrations] in registrations.leave() }
    source.activate()
    sources.append(source)
  }

  private func end() {
    // A second signal does not wait.
    guard !isEnding else { Glibc.exit(1) }
    isEnding = true
    printError("tollgate: finishing what runs, then ending")
    service.drain { failure in
      guard let failure else { Glibc.exit(0) }
      printError("tollgate: \(failure)")
      Glibc.exit(1)
    }
  }

  private func reloadIfChanged() {
    let change = FileChange(of: path)
    guard let change, change != lastChange else { return }
    lastChange = change
    reload()
  }

  private func reload() {
    guard !isEnding else { return }
    do {
      let configuration = try load()
      service.reload(configuration)
      for warning in configuration.warnings { printError("warning: \(warning)") }
      printError("tollgate: \(path) is read anew")
    } catch {
      printError("tollgate: \(path) has errors; the configuration in force stays")
    }
    lastChange = FileChange(of: path)
  }

  private func reopenLedger() {
    do throws(UsageLogError) {
      try service.reopenLedger()
    } catch {
      printError("tollgate: \(error)")
    }
  }
}

/// What tells whether a file is another than before.
struct FileChange: Equatable {
  private let seconds: Int
  private let nanoseconds: Int
  private let size: Int
  private let node: UInt

  /// Nil when the file cannot be looked at, as for a moment while an editor replaces it.
  init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
    size = Int(status.st_size)
    node = UInt(status.st_ino)
  }
}
