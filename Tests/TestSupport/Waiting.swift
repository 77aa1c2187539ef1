internal import Foundation

/// How long a test waits for what must come. Only a test that fails waits so long: the machine may be busy.
package let patience: Double = 30

/// Looks again and again until `condition` holds. False when it did not within `patience`.
package func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
  let deadline = Date(timeIntervalSinceNow: patience)
  while try !condition() {
    guard Date() < deadline else { return false }
    // Yields the processor between two looks; no test depends on how long.
    usleep(2_000)
  }
  return true
}

/// A door that one thread opens and others wait at: a provider's answer is held until a test has seen
/// what it wanted to see.
package final class Gate: @unchecked Sendable {
  // @unchecked: `isOpen` is touched under the condition's lock only.
  private let condition = NSCondition()
  private var isOpen = false

  package init() {}

  package func open() {
    condition.withLock {
      isOpen = true
      condition.broadcast()
    }
  }

  /// Returns once the gate is open, or after `patience`.
  package func wait() {
    condition.withLock {
      let deadline = Date(timeIntervalSinceNow: patience)
      while !isOpen {
        guard condition.wait(until: deadline) else { return }
      }
    }
  }
}
