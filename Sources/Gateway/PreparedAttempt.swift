internal import GatewayTypes
internal import Health

/// An attempt that is about to be made, or under way, with the permit that is to be answered. Belongs to the
/// loop.
final class PreparedAttempt {
  let attempting: Attempting
  let started: MonotonicTime
  private var permit: AttemptPermit?

  init(_ attempting: Attempting, permit: consuming AttemptPermit, started: MonotonicTime) {
    self.attempting = attempting
    self.permit = consume permit
    self.started = started
  }

  /// The permit, to be answered; once.
  func takePermit() -> AttemptPermit {
    guard let permit = permit.take() else { preconditionFailure("an attempt is answered once") }
    return permit
  }
}
