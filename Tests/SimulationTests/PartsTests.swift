import GatewayTypes
import Testing

@testable import Simulation

@Suite("LatencyHistogram")
struct LatencyHistogramTests {
  @Test("quantiles are right to one percent", arguments: [0.01, 0.5, 0.95, 1])
  func quantiles(share: Double) throws {
    var histogram = LatencyHistogram()
    for value in 1...10_000 { histogram.record(Int64(value) * 1_234_567) }
    let quantile = try #require(histogram.quantile(share))
    #expect(abs(quantile.inSeconds / (share * 10_000 * 0.001_234_567) - 1) < 0.01)
  }

  @Test("small and large times are counted, and none is none")
  func edges() {
    var histogram = LatencyHistogram()
    #expect(histogram.quantile(0.5) == nil)
    histogram.record(0)
    #expect(histogram.quantile(0.5) == .zero)
    histogram.record(.max)
    #expect(histogram.count == 2)
  }
}
