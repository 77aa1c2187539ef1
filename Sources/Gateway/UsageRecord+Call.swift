internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import JSON
internal import Providers
internal import Routing

extension UsageRecord {
  /// The ledger's line of a call that has ended.
  init(of call: borrowing ChatCall, _ result: borrowing DispatchResult) {
    let (status, httpStatus): (Status, Int) =
      switch result.ending {
      case .answered: (.success, 200)
      case .failed(let error): (.error, error.status)
      // The status line was sent before it broke off.
      case .broken: (.partial, 200)
      // Not a status that is sent: the one that web servers' logs write for a client that hung up.
      case .cancelled: (.cancelled, 499)
      }
    self.init(time: Timestamp.now(), id: call.id, surface: call.surface, status: status)
    self.httpStatus = httpStatus
    describe(call, result)
    usage = result.usage
    cost = result.cost
    saved = result.saved
    latency = result.endedAt - call.receivedAt
    timeToFirstToken = result.timeToFirstToken
    guard call.snapshot.configuration.ledger.content else { return }
    content = Content(of: call, result)
  }
}

extension UsageRecord {
  /// The line that a call gets if the gateway dies while it is under way, with so many attempts `running`:
  /// charged at the bound of all.
  init(
    inFlight call: borrowing ChatCall, _ result: borrowing DispatchResult, bound: Money, running: Int
  ) {
    self.init(time: Timestamp.now(), id: call.id, surface: call.surface, status: .unknown)
    describe(call, result)
    attempts += running
    usage = TokenUsage(isEstimated: true)
    cost = bound
  }

  /// What is known before the call has ended.
  private mutating func describe(_ call: borrowing ChatCall, _ result: borrowing DispatchResult) {
    user = call.request.userID
    key = call.client?.configuration.name
    provider = result.provider?.id
    model = result.provider?.configuration.model
    attempts = result.attempts.count
    fallbacks = result.fallbacks
    intent = call.intent.rawValue
    isStream = call.sink != nil
    tags = call.request.tags.map { ($0.name, $0.value) }
  }
}

extension UsageRecord.Content {
  /// Prompt and answer, where `ledger.content` says that they be kept.
  fileprivate init(of call: borrowing ChatCall, _ result: borrowing DispatchResult) {
    var response = ""
    if case .answered(let answer) = result.ending { response = Self.decoded(answer.escapedText) }
    self.init(prompt: String(decoding: call.request.lastUserText(), as: UTF8.self), response: response)
  }

  private static func decoded(_ escapedText: ArraySlice<UInt8>) -> String {
    let quote = [UInt8(ascii: "\"")]
    guard let document = try? JSONDocument(parsing: quote + escapedText + quote) else { return "" }
    return document.string(document.root) ?? ""
  }
}
