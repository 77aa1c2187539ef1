/// A request's standing in a provider's queue: it waits, or has been promised a place.
///
/// Dropping it leaves the queue, and gives the place to the next; `ProviderHealth.acquire(tokens:now:with:)`
/// turns a promised place into a permit.
package struct QueueTicket: ~Copyable, Sendable {
  private let health: ProviderHealth
  private let number: UInt64
  private var isOpen = true

  init(health: ProviderHealth, number: UInt64) {
    self.health = health
    self.number = number
  }

  /// Whether its turn has come.
  package var hasPlace: Bool { health.hasPlace(number) }

  /// The place has become an attempt in flight.
  consuming func use() {
    isOpen = false
  }

  deinit {
    if isOpen { health.leave(number) }
  }
}
