package import GatewayTypes
internal import Glibc

extension MonotonicTime {
  /// The time now: clock_gettime(2), `CLOCK_MONOTONIC`, answered without entering the kernel.
  package static func now() -> MonotonicTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}

/// The time of day.
package enum WallClock {
  /// Milliseconds since 1970, UTC.
  package static func millisecondsSince1970() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }
}
