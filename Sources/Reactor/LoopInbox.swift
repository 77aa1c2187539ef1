internal import CLinux
internal import Glibc
internal import Synchronization

/// What other threads want run on a loop. Safe to use from any thread.
final class LoopInbox: Sendable {
  private struct Contents {
    var jobs: [UnownedJob] = []
    var bodies: [@Sendable () -> Void] = []

    var isEmpty: Bool { jobs.isEmpty && bodies.isEmpty }
  }

  private let contents = Mutex(Contents())
  private let wake: FileDescriptor

  init() throws(SystemError) {
    let number = clinux_event_create()
    guard number >= 0 else { throw SystemError("eventfd") }
    wake = FileDescriptor(owning: number)
  }

  /// An eventfd that is readable when there is something new.
  var descriptor: Int32 { wake.number }

  func add(_ job: UnownedJob) {
    add { $0.jobs.append(job) }
  }

  func add(_ body: @escaping @Sendable () -> Void) {
    add { $0.bodies.append(body) }
  }

  private func add(_ change: (inout sending Contents) -> Void) {
    let wasEmpty = contents.withLock { contents in
      defer { change(&contents) }
      return contents.isEmpty
    }
    guard wasEmpty else { return }
    var one: UInt64 = 1
    _ = write(wake.number, &one, 8)
  }

  /// Takes out what there is; nil when there is nothing.
  func take() -> (jobs: [UnownedJob], bodies: [@Sendable () -> Void])? {
    contents.withLock { contents in
      guard !contents.isEmpty else { return nil }
      defer { contents = Contents() }
      return (contents.jobs, contents.bodies)
    }
  }
}
