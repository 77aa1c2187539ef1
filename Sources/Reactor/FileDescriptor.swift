import Glibc

/// An open descriptor with one owner: it is closed when the owner lets go of it.
package struct FileDescriptor: ~Copyable, Sendable {
  package let number: Int32

  /// Takes over `number`, which must be open and owned by nobody else.
  package init(owning number: Int32) {
    precondition(number >= 0, "a descriptor is never negative: check the call that made it")
    self.number = number
  }

  deinit {
    // EINTR from close(2) on Linux means closed; there is nothing to try again.
    _ = Glibc.close(number)
  }
}
