import Glibc

/// A system call that failed.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name of the call, such as `bind`.
  package let call: StaticString
  /// `errno` after it.
  package let code: Int32

  package init(_ call: StaticString, code: Int32 = errno) {
    self.call = call
    self.code = code
  }

  /// The system's own words, such as `Address already in use`.
  package var reason: String { String(cString: strerror(code)) }

  package var description: String { "\(call): \(reason)" }

  package static func == (left: SystemError, right: SystemError) -> Bool { left.code == right.code }
  package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

/// Calls `body` again for as long as a signal interrupts it.
package func retryingOnInterrupt(_ body: () -> Int) -> Int {
  while true {
    let result = body()
    if result != -1 || errno != EINTR { return result }
  }
}
