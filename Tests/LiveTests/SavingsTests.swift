import Foundation
import TestSupport
import Testing

/// What a request would have cost at the dearest provider that could have answered it.
@Suite struct SavingsTests {
  @Test("the line says it, and /stats and /usage sum it")
  func sums() throws {
    let provider = try FaultyProvider(always: .answer())
    let dear = Configuration.provider("dear", provider.url)
      .replacing("per_million_tokens: 1.10", with: "per_million_tokens: 5")
      .replacing("per_million_tokens: 2.30", with: "per_million_tokens: 20")
    try withGateway(Configuration.of(Configuration.provider("cheap", provider.url), dear)) { gateway throws in
      for _ in 1...2 { #expect(try gateway.generate().status == 200) }
      let line = try #require(gateway.ledger(waitingFor: 2).last)
      #expect(line["provider"] == "cheap")
      // 9 × 1.10 + 6 × 2.30, and 9 × 5 + 6 × 20 less that, in millionths.
      #expect(line["cost_usd"] == "0.0000237")
      #expect(line["saved_usd"] == "0.0001413")
      #expect(try gateway.get("/stats").json["saved_cost"].amount == Decimal(string: "0.0002826"))
      let rows = try gateway.get("/usage?by=provider&format=json").text
      #expect(rows.contains(#""saved_usd":"0.0002826""#))

      // One that may not be called could not have answered.
      _ = try gateway.send("POST", "/simulate/failure", #"{"provider":"dear","down":true}"#)
      #expect(try gateway.generate().status == 200)
      #expect(gateway.ledger(waitingFor: 3).last?["saved_usd"].string == nil)
      #expect(try gateway.get("/stats").json["saved_cost"].amount == Decimal(string: "0.0002826"))
    }
  }
}
