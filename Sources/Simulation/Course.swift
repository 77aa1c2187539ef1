internal import GatewayTypes
internal import Routing

/// A request's way through the providers, by the gateway's rules or by a simpler one.
enum Course {
  case walk(Walk)
  case list(ProviderList)

  mutating func next(now: MonotonicTime) -> Walk.Step {
    switch self {
    case .walk(var walk):
      // Taken out and put back, so that the walk is changed in place.
      self = .list(.empty)
      defer { self = .walk(walk) }
      return walk.next(now: now)
    case .list(let list):
      return list.next(now: now)
    }
  }

  mutating func note(_ setback: Walk.Setback, now: MonotonicTime, random: UInt64) {
    switch self {
    case .walk(var walk):
      self = .list(.empty)
      walk.note(setback, now: now, random: random)
      self = .walk(walk)
    case .list(var list):
      list.noteSetback()
      self = .list(list)
    }
  }
}

/// Providers to be asked one after the other, whatever they fail with.
struct ProviderList {
  static let empty = ProviderList(indices: [], deadline: .distantFuture)

  let indices: [Int]
  let deadline: MonotonicTime
  private var position = 0

  init(indices: [Int], deadline: MonotonicTime) {
    self.indices = indices
    self.deadline = deadline
  }

  func next(now: MonotonicTime) -> Walk.Step {
    guard now < deadline else { return .outOfTime }
    return position < indices.count ? .attempt(index: indices[position]) : .exhausted
  }

  mutating func noteSetback() {
    position += 1
  }
}
