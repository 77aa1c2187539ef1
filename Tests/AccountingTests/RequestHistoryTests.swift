import GatewayTypes
import Testing

@testable import Accounting

@Suite("RequestHistory")
struct RequestHistoryTests {
  @Test(
    "the newest come first, and the oldest leave when it is full",
    arguments: [
      (0, 10, []), (2, 10, [1, 0]), (3, 10, [2, 1, 0]), (4, 10, [3, 2, 1]), (5, 10, [4, 3, 2]),
      (7, 10, [6, 5, 4]), (7, 2, [6, 5]), (7, 0, []), (7, -1, []),
    ] as [(Int, Int, [Int])])
  func order(added: Int, limit: Int, expected: [Int]) {
    let history = RequestHistory(capacity: 3)
    for number in 0..<added { history.add(request(number)) }
    #expect(history.newest(limit).map(\.id) == expected.map { "\($0)" })
  }

  @Test("only requests of the asked provider and status are given, and the limit counts those")
  func filters() {
    let history = RequestHistory()
    for number in 0..<10 {
      var record = request(number)
      record.provider = number.isMultiple(of: 2) ? ProviderID("even") : nil
      record.status = number < 5 ? .success : .error
      history.add(record)
    }
    #expect(history.newest(2, provider: ProviderID("even")).map(\.id) == ["8", "6"])
    #expect(history.newest(9, provider: ProviderID("even"), status: .success).map(\.id) == ["4", "2", "0"])
    #expect(history.newest(9, provider: ProviderID("odd")).isEmpty)
  }

  @Test("prompts and answers are not kept")
  func noContent() {
    let history = RequestHistory()
    var record = request(1)
    record.content = UsageRecord.Content(prompt: "secret", response: "secret")
    history.add(record)
    #expect(history.newest(1)[0].content == nil)
  }

  @Test("a reset forgets all")
  func reset() {
    let history = RequestHistory(capacity: 2)
    for number in 0..<3 { history.add(request(number)) }
    history.reset()
    #expect(history.newest(9).isEmpty)
    history.add(request(7))
    #expect(history.newest(9).map(\.id) == ["7"])
  }

  @Test("requests are shown as an array of ledger lines")
  func json() {
    var (line, array): ([UInt8], [UInt8]) = ([], [])
    UsageRecord.example.appendLine(to: &line)
    let object = String(decoding: line.dropLast(), as: UTF8.self)
    [UsageRecord.example, .example].appendJSON(to: &array)
    #expect(String(decoding: array, as: UTF8.self) == "[\(object),\(object)]")
    array = []
    [UsageRecord]().appendJSON(to: &array)
    #expect(array == Array("[]".utf8))
  }

  private func request(_ number: Int) -> UsageRecord {
    var record = UsageRecord.example
    record.id = "\(number)"
    return record
  }
}
