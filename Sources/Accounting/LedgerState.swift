import GatewayTypes

/// Everything that a ledger says, added up: a function of its lines up to one place and of nothing else.
///
/// So a checkpoint of it can be checked by adding up again, and a start that begins from one ends with the
/// same sums as one that reads all.
struct LedgerState: Sendable {
  /// The end of the last line that is in here: its file is the one whose chain has `link` there.
  struct Position: Hashable, Sendable {
    /// In bytes from the file's start.
    var offset = 0
    var link = ChainLink.genesis
  }

  /// Whose spending is added up.
  let scope: SpendingScope
  var position = Position()
  /// Lines of requests, and those that were none of the ledger's.
  var lineCount = 0
  var garbledCount = 0
  /// The first request's time, or that of the last reset.
  var since: Timestamp?
  var total = UsageSum()
  /// What resets took out of `total`, for who adds up all lines. No part of a checkpoint.
  private(set) var setBack = UsageSum()
  /// By the wall clock, as if it were monotonic time.
  var lastMinute = RollingSum.lastMinute
  var lastHour = RollingSum.lastHour
  var byProvider: NamedSums
  var byModel: NamedSums
  var byUser: NamedSums
  var byIntent: NamedSums
  var byKey: NamedSums
  var everybody = Spending()
  var users = NamedSpending()
  var keys = NamedSpending()
  var tags = NamedSpending()

  init(scope: SpendingScope, groupLimit: Int = UsageTotals.defaultGroupLimit) {
    self.scope = scope
    let empty = NamedSums(limit: groupLimit)
    (byProvider, byModel, byUser, byIntent, byKey) = (empty, empty, empty, empty, empty)
    // In a fixed order, so that two states of the same lines are the same in every byte.
    for name in scope.users.sorted() { users.open(name) }
    for name in scope.tags.sorted() { tags.open(name) }
  }

  /// Adds one request.
  mutating func add(_ line: borrowing LedgerLine) {
    lineCount += 1
    if since == nil { since = line.time }
    let sum = line.sum
    let time = line.time.asMonotonic
    total += sum
    lastMinute.add(sum, at: time)
    lastHour.add(sum, at: time)
    byProvider.add(sum, to: line.provider)
    byModel.add(sum, to: line.model)
    byUser.add(sum, to: line.user)
    byIntent.add(sum, to: line.intent)
    byKey.add(sum, to: line.key)
    everybody.add(line.cost, at: line.time)
    if let key = line.key { keys.add(line.cost, to: key, at: line.time, opens: true) }
    if let user = line.user { users.add(line.cost, to: user, at: line.time, opens: scope.everyUser) }
    guard !scope.tags.isEmpty else { return }
    for tag in line.tags {
      let text = Array(tag.name) + [UInt8(ascii: "=")] + Array(tag.value)
      text.withUnsafeBytes { tags.add(line.cost, to: $0, at: line.time, opens: false) }
    }
  }

  /// Sets the statistics back, as `POST /reset` does with `usage` or `all`. What was spent stays spent.
  mutating func reset(scope text: String, at time: Timestamp) {
    guard text == "usage" || text == "all" else { return }
    setBack += total
    let empty = NamedSums(limit: byProvider.limit)
    (byProvider, byModel, byUser, byIntent, byKey) = (empty, empty, empty, empty, empty)
    (total, lastMinute, lastHour) = (UsageSum(), .lastMinute, .lastHour)
    since = time
  }

  /// Takes in one line, whatever it is, and moves the position behind it; returns what it was.
  mutating func take(_ line: LogReader.Line, _ scanner: inout LedgerScanner) -> LedgerLineKind {
    take(line, link: ChainLink(endOf: line.bytes), &scanner)
  }

  /// The same, with the link that stands at the line's end.
  mutating func take(
    _ line: LogReader.Line, link: ChainLink?, _ scanner: inout LedgerScanner
  ) -> LedgerLineKind {
    position.offset = line.offset + line.size
    if let link { position.link = link }
    let kind = line.isTooLong ? .garbled("longer than any line that is written") : scanner.scan(line.bytes)
    switch kind {
    case .request: add(scanner.line)
    case .reset(let scope, let time): reset(scope: scope, at: time)
    case .garbled: garbledCount += 1
    }
    return kind
  }

  /// What each party has spent, for `Budgets`.
  var spendings: [(party: BudgetParty, spending: Spending)] {
    [(.global, everybody)] + keys.all { .key($0) } + tags.all { .tag($0) } + users.all { .user($0) }
  }
}

extension Timestamp {
  /// The wall clock's time taken for monotonic time. One that 64 bits of nanoseconds do not hold, which only a
  /// damaged line has, is the latest that they do: in the year 2255.
  var asMonotonic: MonotonicTime {
    MonotonicTime(nanoseconds: min(millisecondsSince1970, 9_000_000_000_000) * 1_000_000)
  }
}

/// The sums of each name, with a limit on how many are kept apart.
struct NamedSums: Sendable {
  let limit: Int
  private(set) var names = NameTable()
  private(set) var sums: [UsageSum] = []
  /// Of all further names.
  var others = UsageSum()

  init(limit: Int) {
    self.limit = limit
  }

  /// A request without a name is in no group.
  mutating func add(_ sum: UsageSum, to name: UnsafeRawBufferPointer?) {
    guard let name else { return }
    if let number = names.number(of: name) {
      sums[number] += sum
    } else if sums.count < limit, !name.elementsEqual(UsageGroups.otherName.utf8) {
      _ = names.insert(name)
      sums.append(sum)
    } else {
      others += sum
    }
  }

  /// The same, by names in text.
  var groups: UsageGroups {
    var groups = UsageGroups(limit: limit)
    for number in 0..<names.count { groups.add(sums[number], to: names.text(number)) }
    if others.requests > 0 { groups.add(others, to: UsageGroups.otherName) }
    return groups
  }
}

/// What each name has spent.
struct NamedSpending: Sendable {
  private(set) var names = NameTable()
  private(set) var spendings: [Spending] = []

  /// Adds to what `name` has spent; one that is not known is added only if `opens` says so.
  mutating func add(_ cost: Money, to name: UnsafeRawBufferPointer, at time: Timestamp, opens: Bool) {
    if let number = names.number(of: name) {
      spendings[number].add(cost, at: time)
    } else if opens {
      _ = names.insert(name)
      spendings.append(Spending())
      spendings[spendings.count - 1].add(cost, at: time)
    }
  }

  /// Makes a place for `name`, or sets what it has spent.
  mutating func open(_ name: String, _ spending: Spending = Spending()) {
    let number = names.insert(name)
    if number == spendings.count { spendings.append(spending) } else { spendings[number] = spending }
  }

  func all(_ party: (String) -> BudgetParty) -> [(party: BudgetParty, spending: Spending)] {
    (0..<names.count).map { (party(names.text($0)), spendings[$0]) }
  }
}
