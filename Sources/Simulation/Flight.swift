internal import GatewayTypes
internal import Health

/// A request on its way. Belongs to the simulator, which uses it again for another when it has landed.
final class Flight {
  var request: SimulatedRequest
  var course: Course
  /// Which of the day's price lists it began with.
  var season = 0
  /// How often each provider has been called for it.
  var attempts: [Int]
  /// What it has cost so far.
  var cost = Money.zero
  /// The call that is being made; nil while it waits.
  var call: Call?
  /// The health's permit for that call, where there is one.
  var permit: AttemptPermit?

  struct Call {
    var provider: Int
    var began: MonotonicTime
    var ending: ScriptedEnding
  }

  init(_ request: SimulatedRequest, course: Course, providers: Int) {
    self.request = request
    self.course = course
    attempts = Array(repeating: 0, count: providers)
  }

  /// Begins with another request.
  func reuse(for request: SimulatedRequest, course: Course) {
    self.request = request
    self.course = course
    for index in attempts.indices { attempts[index] = 0 }
    cost = .zero
    call = nil
  }
}
