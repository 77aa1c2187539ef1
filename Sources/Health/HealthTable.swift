package import GatewayTypes

/// The healths of all providers, by the router's index, to be read many at a time.
///
/// Reading one through an array counts a reference up and down again, two atomic steps that cost as much as
/// the lock; the table keeps every object alive for as long as it lives, so here nothing is counted.
@safe package struct HealthTable: @unchecked Sendable {
  // @unchecked: an unmanaged reference to a Sendable object is as safe to share as the object.
  private let owners: [ProviderHealth]
  /// The same objects.
  private let references: [Unmanaged<ProviderHealth>]

  package init(_ healths: [ProviderHealth]) {
    owners = healths
    unsafe references = unsafe healths.map { unsafe Unmanaged.passUnretained($0) }
  }

  /// What `ProviderHealth.standing` says of the provider at `index`.
  package func standing(
    at index: Int, tokens: Int, kind: RequestKind, now: MonotonicTime
  ) -> ProviderStanding {
    // Named, as only a function that has a name can be told to be inlined.
    @inline(__always)
    func standing(of health: ProviderHealth) -> ProviderStanding {
      health.standing(tokens: tokens, kind: kind, now: now)
    }
    // Safe: `owners` keeps it alive.
    return unsafe references[index]._withUnsafeGuaranteedRef(standing)
  }
}
