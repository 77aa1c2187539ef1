import Synchronization
import TestSupport

/// How far a provider has come.
final class Progress: Sendable {
  private let value = Mutex(0)

  func advance() { value.withLock { $0 += 1 } }
  var count: Int { value.withLock { $0 } }

  /// Whether it comes to a stop: the same at a hundred looks, one after the other.
  func standsStill() -> Bool {
    var last = -1
    var looks = 0
    return eventually {
      looks = count == last ? looks + 1 : 0
      last = count
      return looks >= 100
    }
  }
}
