package import GatewayTypes

/// The healths of all providers, by the router's index, to be read many at a time.
///
/// Reading one through an array counts a reference up and down again, two atomic steps that cost as much as
/// the lock; the table keeps every object alive for as long as it lives, so here nothing is counted.
@safe package struct HealthTable: @unchecked Sendable {
  // @unchecked: an unmanaged reference to a Sendable object is as safe to share as the object.
  private let owners: [ProviderHealth]
  /// The same objects.
  @usableFromInline let references: [Unmanaged<ProviderHealth>]

  package init(_ healths: [ProviderHealth]) {
    owners = healths
    unsafe references = unsafe healths.map { unsafe Unmanaged.passUnretained($0) }
  }

  /// What `ProviderHealth.standing` says of the provider at `index`.
  ///
  /// Inlinable, as it is the inside of the router's loop.
  @inlinable @inline(__always)
  package func standing(
    at index: Int, tokens: Int, kind: RequestKind, now: MonotonicTime
  ) -> ProviderStanding {
    // Safe: `owners` keeps it alive.
    unsafe references[index]._withUnsafeGuaranteedRef {
      $0.standing(tokens: tokens, kind: kind, now: now)
    }
  }
}
