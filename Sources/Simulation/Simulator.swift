package import Configuration
internal import Fleet
internal import GatewayTypes
internal import Health
internal import Routing

/// Plays a script on a virtual clock: no sockets, no sleeping, and the same day for the same seed.
///
/// Requests are planned by `Router`, walked by `Walk` and let through by `ProviderHealth`, in the order in which
/// the gateway's dispatcher does it; only providers, clock and chance are scripted. Budgets, the ledger and callers
/// that hang up are not played. For one thread; used once.
package final class Simulator {
  private let script: SimulationScript
  private let chooser: Chooser
  private let chance: Chance
  private let seasons: [Season]
  private let policy: RoutingPolicy
  private let healths: [ProviderHealth]
  private let healthTable: HealthTable
  private var learned: LearnedRouting
  private var providers: [ScriptedProvider]
  private var traffic: Traffic
  private var queue = TimedQueue<Int>()
  private var flights: [Flight] = []
  private var landed: [Int] = []
  private var season = 0
  private var breakerRetryAt: [MonotonicTime?]
  private var report: SimulationReport
  private var observer: (any SimulationObserver)?

  /// What an answer is expected to have where the caller sets no bound, as the gateway has it.
  private static let usualOutputTokens = 400

  package init(_ script: SimulationScript, seed: UInt64? = nil, chooser: Chooser = .tollgate) {
    let seed = seed ?? script.seed
    let chance = Chance(seed: seed)
    let entries = script.configuration.providers
    self.script = script
    self.chooser = chooser
    self.chance = chance
    seasons = Season.all(of: script)
    policy =
      chooser == .tollgateWithoutIntents ? RoutingPolicy(intentBoost: 1) : RoutingPolicy(script.configuration)
    healths = entries.map { ProviderHealth(policy: HealthPolicy($0, in: script.configuration)) }
    healthTable = HealthTable(healths)
    learned = LearnedRouting(script.configuration)
    providers = entries.map { ScriptedProvider($0, script.behavior(of: $0), chance: chance) }
    breakerRetryAt = entries.map { _ in nil }
    traffic = Traffic(script, chance: chance)
    report = SimulationReport(chooser: chooser, script: script, seed: seed)
  }

  /// Plays the whole day. `progress` is told now and then how much of it has passed.
  package func run(
    observer: (any SimulationObserver)? = nil, progress: (_ passed: Duration) -> Void = { _ in }
  ) -> SimulationReport {
    self.observer = observer
    var next = traffic.next()
    while true {
      // What is due at the moment of an arrival goes first: it may free what the request needs.
      if let due = queue.nextTime, due <= next?.arrivedAt ?? .distantFuture {
        guard let index = queue.pop()?.element else { preconditionFailure("something was due") }
        resume(index, now: due)
      } else if let request = next {
        begin(request)
        if request.number.isMultiple(of: 4096) { progress(request.arrivedAt - MonotonicTime(nanoseconds: 0)) }
        next = traffic.next()
      } else {
        return report
      }
    }
  }

  private func begin(_ request: SimulatedRequest) {
    let now = request.arrivedAt
    report.requests += 1
    observer?.began(request)
    while season + 1 < seasons.count, seasons[season + 1].begins <= now { season += 1 }
    guard let course = course(for: request, now: now) else {
      return note(request, .refused, now: now)
    }
    let index = landed.popLast() ?? flights.count
    if index == flights.count {
      flights.append(Flight(request, course: course, providers: providers.count))
    } else {
      flights[index].reuse(for: request, course: course)
    }
    flights[index].season = season
    advance(index, now: now)
  }

  /// The plan's way; nil when there is nobody to ask.
  private func course(for request: SimulatedRequest, now: MonotonicTime) -> Course? {
    let roster = seasons[season].roster
    guard case .rule(let rule, let fallsBack) = chooser else {
      let plan = plan(request, roster: roster, now: now)
      for candidate in plan.leftOut {
        if case .unavailable(let reason) = candidate.reason, reason.isLimit {
          report.providers[candidate.index].limitHits += 1
        }
      }
      guard plan.refusal == nil else { return nil }
      return .walk(Walk(plan, roster: roster, deadline: request.deadline))
    }
    var indices = rule.order(
      for: request, roster: roster, chance: chance, expectedOutput: expectedOutput(request))
    guard !indices.isEmpty else { return nil }
    if !fallsBack { indices = [indices[0]] }
    return .list(ProviderList(indices: indices, deadline: request.deadline))
  }

  private func plan(_ request: SimulatedRequest, roster: Roster, now: MonotonicTime) -> RoutePlan {
    var draw = chance.draws(.choice, UInt64(request.number), 1)
    let routing = RoutingRequest(
      model: request.model, strategy: request.strategy, intent: request.intent,
      inputTokens: request.promptTokens, outputTokens: Self.usualOutputTokens,
      usualAnswer: learned.usualAnswer(request.kind, now: now), maxOutputTokens: request.maxTokens,
      needs: request.needs, warmProvider: learned.warmProvider(for: request.warmKey, now: now),
      random: draw.next())
    return Router.plan(
      routing, roster: roster, policy: policy, healths: healthTable, kind: request.kind, now: now)
  }

  private func expectedOutput(_ request: SimulatedRequest) -> Int {
    min(request.maxTokens ?? .max, Self.usualOutputTokens)
  }

  /// A call has ended, or a wait.
  private func resume(_ index: Int, now: MonotonicTime) {
    let flight = flights[index]
    guard let call = flight.call else { return advance(index, now: now) }
    flight.call = nil
    let cost = cost(of: call, flight)
    flight.cost += cost
    observer?.ended(call.provider, for: flight.request, call.ending, cost: cost, at: now)
    if let permit = flight.permit.take() {
      permit.answer(call.outcome(now: now, request: flight.request), now: now)
      noteBreaker(of: call.provider, now: now)
    }
    report.providers[call.provider].note(call, cost: cost, now: now)
    report.cost += cost
    switch call.ending {
    case .answered(let tokens, _):
      learned.learn(
        tokens: tokens, isCut: tokens < flight.request.answerTokens, flight.request.kind,
        by: healths[call.provider], now: now)
      learned.noteWarm(call.provider, for: flight.request.warmKey, now: now)
      end(index, .answered, now: now)
    case .broken: end(index, .broken, now: now)
    case .failed(let failure, let retryAfter):
      var jitter = chance.draws(
        .backoff, UInt64(flight.request.number), UInt64(flight.attempts[call.provider]))
      flight.course.note(.failed(failure, retryAfter: retryAfter), now: now, random: jitter.next())
      advance(index, now: now)
    }
  }

  /// Goes on until somebody is asked, a wait begins, or the request ends.
  private func advance(_ index: Int, now: MonotonicTime) {
    let flight = flights[index]
    while true {
      switch flight.course.next(now: now) {
      case .attempt(let provider):
        if call(provider, index, flight, now: now) { return }
        flight.course.note(.notAsked, now: now, random: 0)
      // Queues are not played: whoever would wait for a place goes without.
      case .queue: flight.course.note(.notAsked, now: now, random: 0)
      case .wait(let time): return queue.push(index, at: time)
      case .outOfTime: return end(index, .outOfTime, now: now)
      case .refused, .exhausted: return end(index, .exhausted, now: now)
      }
    }
  }

  /// Calls a provider, if its health lets the gateway.
  private func call(_ provider: Int, _ index: Int, _ flight: Flight, now: MonotonicTime) -> Bool {
    let request = flight.request
    if chooser.isTollgate {
      guard let permit = healths[provider].acquire(tokens: request.promptTokens, now: now) else {
        return false
      }
      flight.permit = consume permit
    }
    observer?.called(provider, for: request, at: now)
    report.providers[provider].requests += 1
    let answer = providers[provider].answer(
      ScriptedProvider.Call(request: request, attempt: flight.attempts[provider], now: now))
    flight.attempts[provider] += 1
    flight.call = Flight.Call(provider: provider, began: now, ending: answer.ending)
    queue.push(index, at: MonotonicTime(nanoseconds: now.nanoseconds + answer.after))
    return true
  }

  private func cost(of call: Flight.Call, _ flight: Flight) -> Money {
    guard let usage = call.ending.usage(flight.request) else { return .zero }
    return seasons[flight.season].roster.candidates[call.provider].prices.cost(of: usage)
  }

  /// Counts the wait that a failure has begun.
  private func noteBreaker(of provider: Int, now: MonotonicTime) {
    let circuit = healths[provider].circuit(now: now)
    guard circuit.status == .open, let retryAt = circuit.retryAt, retryAt != breakerRetryAt[provider] else {
      return
    }
    breakerRetryAt[provider] = retryAt
    report.providers[provider].breakerOpen += retryAt - now
  }

  private func end(_ index: Int, _ ending: RequestEnding, now: MonotonicTime) {
    landed.append(index)
    note(flights[index].request, ending, now: now)
  }

  private func note(_ request: SimulatedRequest, _ ending: RequestEnding, now: MonotonicTime) {
    report.endings[ending, default: 0] += 1
    if ending == .answered { report.latency.record((now - request.arrivedAt).wholeNanoseconds) }
    observer?.ended(request, ending, at: now)
  }
}
