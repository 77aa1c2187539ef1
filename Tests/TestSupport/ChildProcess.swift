internal import Foundation
internal import Synchronization

/// A program run by a test: its output is collected, and it is killed with its last user at the latest.
package final class ChildProcess: Sendable {
  private struct State {
    var output: [UInt8] = []
    var errors: [UInt8] = []
    var openStreams = 2
    var status: Int32?
  }

  /// How a program ended.
  package enum Ending: Hashable, Sendable {
    case exit(Int32)
    case signal(Int32)
  }

  package enum Failure: Error {
    case cannotStart(program: String, errno: Int32)
    case stillRunning
  }

  private let identifier: pid_t
  private let state: Shared

  private final class Shared: Sendable {
    let value = Mutex(State())
  }

  /// Starts `arguments[0]`, a path, with these arguments and this environment.
  ///
  /// Everything that tests open is closed in a child, or it would keep other tests' connections open.
  package init(_ arguments: [String], environment: [String: String] = [:]) throws {
    let output = try Self.pipe()
    let errors = try Self.pipe()
    defer {
      close(output.write)
      close(errors.write)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.write, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.write, 2)

    // What the test runner was started with must not decide how signals are met.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let words = arguments.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var identifier = pid_t()
    let status = posix_spawn(&identifier, arguments[0], &actions, &attributes, words, variables)
    guard status == 0 else {
      close(output.read)
      close(errors.read)
      throw Failure.cannotStart(program: arguments[0], errno: status)
    }
    self.identifier = identifier
    state = Shared()
    collect(output.read) { $0.output += $1 }
    collect(errors.read) { $0.errors += $1 }
  }

  deinit {
    if !isEnded() {
      kill(identifier, SIGKILL)
      var status: Int32 = 0
      waitpid(identifier, &status, 0)
    }
  }

  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw Socket.Failure.system("socketpair", errno: errno)
    }
    return (ends[0], ends[1])
  }

  private func collect(
    _ descriptor: Int32, _ add: @escaping @Sendable (inout State, ArraySlice<UInt8>) -> Void
  ) {
    let state = state
    Thread.detachNewThread {
      var buffer = [UInt8](repeating: 0, count: 4_096)
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        state.value.withLock { add(&$0, buffer[..<count]) }
      }
      close(descriptor)
      state.value.withLock { $0.openStreams -= 1 }
    }
  }

  /// What it has written to its standard output so far.
  package var output: String { state.value.withLock { String(decoding: $0.output, as: UTF8.self) } }
  /// What it has written to its standard error so far.
  package var errors: String { state.value.withLock { String(decoding: $0.errors, as: UTF8.self) } }

  package func signal(_ number: Int32) {
    guard !isEnded() else { return }
    kill(identifier, number)
  }

  /// Looks whether it has ended, without waiting.
  private func isEnded() -> Bool {
    state.value.withLock { state in
      if state.status == nil {
        var status: Int32 = 0
        if waitpid(identifier, &status, WNOHANG) == identifier { state.status = status }
      }
      return state.status != nil
    }
  }

  package var isRunning: Bool { !isEnded() }

  /// Waits for its end, and for all that it wrote.
  package func waitForEnd() throws -> Ending {
    let isDone = eventually { isEnded() && state.value.withLock { $0.openStreams == 0 } }
    guard isDone, let status = state.value.withLock({ $0.status }) else { throw Failure.stillRunning }
    return status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
  }
}
