import Configuration
import GatewayTypes
import Routing

@testable import Simulation

/// Scripts and requests for tests.
enum Worlds {
  static func provider(_ name: String, price: Int = 1) -> ProviderConfiguration {
    let input = Money(picodollars: Int128(price) * 1000)
    return ProviderConfiguration(name: name, model: name, prices: Prices(input: input, output: input * 4))
  }

  /// Providers that answer 10 tokens after exactly 100 ms, asked once a second.
  static func script(_ providers: [ProviderConfiguration], for duration: Duration = .seconds(60))
    -> SimulationScript
  {
    var configuration = GatewayConfiguration()
    configuration.providers = providers
    var sort = TrafficScript.Sort()
    sort.promptTokens = .values([100])
    sort.answerTokens = .values([10])
    var traffic = TrafficScript(rate: [.init(from: .zero, to: duration, requestsPerSecond: 1)])
    traffic.sorts = [sort]
    traffic.streaming = 0
    traffic.deadline = .seconds(10)
    var script = SimulationScript(configuration: configuration, traffic: traffic)
    script.duration = duration
    for provider in providers {
      var behavior = ProviderBehavior(latency: .values([100e6]))
      behavior.tokensPerSecond = 1_000_000
      script.behaviors[provider.id] = behavior
    }
    return script
  }

  static func request(
    _ number: Int = 0, at milliseconds: Int = 0, deadline: Int = 10_000, isStreaming: Bool = false,
    tokens: Int = 10,
    hasOwnDeadline: Bool = true
  ) -> SimulatedRequest {
    SimulatedRequest(
      number: number, arrivedAt: moment(milliseconds), deadline: moment(milliseconds + deadline),
      hasOwnDeadline: hasOwnDeadline, model: .any, strategy: .cost, intent: .general, promptTokens: 100,
      answerTokens: tokens, maxTokens: nil, isStreaming: isStreaming, user: 0)
  }

  static func moment(_ milliseconds: Int) -> MonotonicTime {
    MonotonicTime(nanoseconds: Int64(milliseconds) * 1_000_000)
  }
}

/// The providers called, request by request, in order.
final class CallRecorder: SimulationObserver {
  struct Call: Equatable {
    var request: Int
    var provider: Int
    var time: MonotonicTime
  }

  var calls: [Call] = []
  var endings: [RequestEnding] = []

  func began(_ request: SimulatedRequest) {}

  func called(_ provider: Int, for request: SimulatedRequest, at time: MonotonicTime) {
    calls.append(Call(request: request.number, provider: provider, time: time))
  }

  func ended(
    _ provider: Int, for request: SimulatedRequest, _ ending: ScriptedEnding, cost: Money,
    at time: MonotonicTime
  ) {}

  func ended(_ request: SimulatedRequest, _ ending: RequestEnding, at time: MonotonicTime) {
    endings.append(ending)
  }
}
