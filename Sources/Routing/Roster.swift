package import GatewayTypes

/// All configured providers, prepared for routing: made once when the configuration is read.
///
/// A provider is known by its `index`, its place in the file from 0.
package struct Roster: Sendable {
  /// In file order.
  package private(set) var candidates: [Candidate]
  /// The candidates' numbers, by index.
  private(set) var facts: [CandidateFacts]
  /// Indices in the order that decides ties: lower priority first, then file order.
  private(set) var tieOrder: [Int]
  /// What may be asked for → the indices it reaches, in tie order.
  private var reach: [String: [Int]]
  /// What may be asked for, in the order a person would list it: models, then aliases.
  package let askableNames: [String]

  /// An alias hides a provider or model of the same name: the operator wrote it on purpose. Its providers
  /// are known by id or name; one that is unknown reaches nothing, as the configuration has refused it.
  ///
  /// `drawIndices`, for some providers of another roster, are their indices there: chance decides between them
  /// as it did there.
  package init(
    candidates: [Candidate], aliases: [String: [ProviderID]] = [:], drawIndices: [Int]? = nil
  ) {
    precondition(candidates.count <= Int(RankKey.largestTie) + 1, "more providers than a rank can tell apart")
    self.candidates = candidates
    facts = candidates.enumerated().map { CandidateFacts($1, drawIndex: drawIndices?[$0] ?? $0) }
    let order = candidates.indices.sorted {
      (candidates[$0].priority, $0) < (candidates[$1].priority, $1)
    }
    tieOrder = order

    var reach: [String: [Int]] = [:]
    for index in order {
      let candidate = candidates[index]
      let names: Set = [
        candidate.id.text, candidate.name, candidate.model, "\(candidate.name)/\(candidate.model)",
      ]
      for name in names { reach[name, default: []].append(index) }
    }
    let direct = reach
    for (alias, targets) in aliases {
      let members = Set(targets.flatMap { direct[$0.text] ?? [] })
      reach[alias] = order.filter(members.contains)
    }
    self.reach = reach
    askableNames = Set(candidates.filter(\.isEnabled).map(\.model)).sorted() + aliases.keys.sorted()
  }

  /// The indices that `model` reaches, in tie order; empty when nothing is known by that name.
  package func indices(for model: AskedModel) -> [Int] {
    switch model {
    case .any: tieOrder
    case .named(let name): reach[name] ?? []
    }
  }

  /// The same roster with another candidate at `index`, which must have the names of the one there.
  func replacing(_ index: Int, with candidate: Candidate) -> Roster {
    var roster = self
    roster.candidates[index] = candidate
    roster.facts[index] = CandidateFacts(candidate, drawIndex: Int(facts[index].drawIndex))
    guard candidate.priority != candidates[index].priority else { return roster }
    func isBefore(_ left: Int, _ right: Int) -> Bool { roster.precedes(left, right) }
    roster.tieOrder = tieOrder.sorted(by: isBefore)
    roster.reach = reach.mapValues { $0.sorted(by: isBefore) }
    return roster
  }

  /// Whether of two that rank the same `left` goes first.
  func precedes(_ left: Int, _ right: Int) -> Bool {
    (candidates[left].priority, left) < (candidates[right].priority, right)
  }

  /// For each candidate whether a key with these `allowedModels` may use it; nil when it may use all.
  func allowance(_ allowedModels: [String]) -> [Bool]? {
    guard !allowedModels.contains("*") else { return nil }
    var allowance = Array(repeating: false, count: candidates.count)
    for name in allowedModels {
      for index in reach[name] ?? [] { allowance[index] = true }
    }
    return allowance
  }
}
