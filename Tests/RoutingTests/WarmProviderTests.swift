import GatewayTypes
import Health
import Testing

@testable import Routing

@Suite("Warm providers")
struct WarmProviderTests {
  private static func key(
    _ user: String, _ model: String? = nil, _ strategy: RankingStrategy = .cost
  ) -> WarmProviders.Key {
    WarmProviders.Key(user: user, model: AskedModel(model), strategy: strategy)
  }

  private static func at(_ seconds: Int64) -> MonotonicTime {
    MonotonicTime(nanoseconds: seconds * 1_000_000_000)
  }

  private static let span = Duration.seconds(600)

  @Test("the last provider that answered is known for as long as it is asked for")
  func remembers() {
    let warm = WarmProviders()
    warm.note(ProviderID("a"), for: Self.key("u"), now: Self.at(0))
    #expect(warm.provider(for: Self.key("u"), within: Self.span, now: Self.at(600)) == ProviderID("a"))
    #expect(warm.provider(for: Self.key("u"), within: Self.span, now: Self.at(601)) == nil)
    warm.note(ProviderID("b"), for: Self.key("u"), now: Self.at(601))
    #expect(warm.provider(for: Self.key("u"), within: Self.span, now: Self.at(700)) == ProviderID("b"))
  }

  @Test("another user, another model asked for and another wish are other keys")
  func keys() {
    let warm = WarmProviders()
    warm.note(ProviderID("a"), for: Self.key("u", "gpt"), now: Self.at(0))
    for other in [Self.key("u"), Self.key("v", "gpt"), Self.key("u", "gpt", .quality)] {
      #expect(warm.provider(for: other, within: Self.span, now: Self.at(1)) == nil)
    }
    #expect(Self.key("u", "auto") == Self.key("u"))
  }

  @Test("the table agrees with a list of the last answers", arguments: 0..<20)
  func matchesReference(seed: Int) {
    var random = SeededGenerator(seed: seed)
    var table = RecentAnswers(capacity: 7)
    var list: [(key: WarmProviders.Key, provider: ProviderID)] = []
    for step in 0..<500 {
      let key = Self.key("u\(Int.random(in: 0..<12, using: &random))")
      if Bool.random(using: &random) {
        let provider = ProviderID("p\(step)")
        table.note(provider, for: key, now: Self.at(0))
        list.removeAll { $0.key == key }
        list.append((key, provider))
        if list.count > 7 { list.removeFirst() }
      }
      let known = list.first { $0.key == key }?.provider
      #expect(table.provider(for: key, within: Self.span, now: Self.at(0)) == known)
      #expect(table.count == list.count)
    }
  }

  @Test("memory is bounded, whoever asks")
  func bounded() {
    let warm = WarmProviders(capacity: 100)
    for user in 0..<10_000 { warm.note(ProviderID("a"), for: Self.key("u\(user)"), now: Self.at(0)) }
    let kept = (0..<10_000).count {
      warm.provider(for: Self.key("u\($0)"), within: Self.span, now: Self.at(0)) != nil
    }
    #expect((90...112).contains(kept))
    #expect(warm.provider(for: Self.key("u9999"), within: Self.span, now: Self.at(0)) != nil)
  }

  @Test(
    "a warm provider goes first while it is eligible and not penalized", arguments: RankingStrategy.allCases)
  func order(strategy: RankingStrategy) {
    let candidates = [
      provider("cheap", quality: 0.9, milliseconds: 10), provider("warm", input: 9, milliseconds: 900),
    ]
    func first(_ standing: ProviderStanding, warm: Int? = 1, needs: CapabilitySet = [.chat]) -> [String] {
      let roster = Roster(candidates: candidates)
      // Bits that draw the first before the second.
      let request = RoutingRequest(
        strategy: strategy, inputTokens: 10, outputTokens: 10, needs: needs, warmProvider: warm, random: 1)
      return Router.plan(request, roster: roster) { $0 == 1 ? standing : ProviderStanding() }.names(
        in: roster)
    }
    #expect(first(ProviderStanding()) == ["warm", "cheap"])
    #expect(first(ProviderStanding(isPenalized: true)) == ["cheap", "warm"])
    #expect(first(ProviderStanding(unavailability: .setDown)) == ["cheap"])
    if strategy != .weighted { #expect(first(ProviderStanding(), warm: nil) == ["cheap", "warm"]) }
    #expect(first(ProviderStanding(), warm: 7).count == 2)
  }

  @Test("a model that does not reach the warm provider is not kept there")
  func reach() {
    let roster = Roster(candidates: [provider("a", model: "x"), provider("b", model: "y")])
    var request = request("x")
    request.warmProvider = 1
    #expect(Router.plan(request, roster: roster) { _ in ProviderStanding() }.names(in: roster) == ["a"])
  }

  @Test("the plan says whose cache it is")
  func explains() {
    let roster = Roster(candidates: [provider("a")])
    var request = request()
    request.warmProvider = 0
    let first = Router.plan(request, roster: roster) { _ in ProviderStanding() }.order[0]
    let reasons = first.reasons(strategy: .cost, intent: .general, user: "alice")
    #expect(reasons.contains("kept for user alice's prompt cache"))
  }
}
