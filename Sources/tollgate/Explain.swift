import Accounting
import ArgumentParser
import Configuration
import Decisions
import Gateway
import GatewayTypes

/// `tollgate explain`: what would be chosen for a prompt, or why a request went where it went.
struct Explain: ParsableCommand {
  enum Priority: String, CaseIterable, ExpressibleByArgument {
    case cost, speed, quality
  }

  static let configuration = CommandConfiguration(
    abstract:
      "Show which provider would be chosen for a prompt and why, or why a past request went where it went.",
    discussion: """
      With a prompt: plans by the configuration file alone, as a gateway that has just started would; a \
      running one also goes by what it has seen (POST /routing/explain). With --request: reads the usage log \
      and the decisions beside it. Exit 1 when there is no such request or model.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The prompt.")
  var prompt: String?

  @Option(name: .long, help: "The id of a request in the usage log (req_…).")
  var request: String?

  @Option(name: .long, help: "cost, speed or quality, in place of routing.strategy.")
  var priority: Priority?

  @Option(name: .long, help: "A model, provider or alias; auto by default.")
  var model: String?

  @Option(name: .long, help: "The most tokens of the answer.")
  var maxTokens: Int?

  @Flag(name: .long, help: "As a streamed answer.")
  var stream = false

  func validate() throws {
    guard (prompt == nil) != (request == nil) else {
      throw ValidationError("Give a prompt, or --request with the id of a past request.")
    }
    if request != nil, priority != nil || model != nil || maxTokens != nil || stream {
      throw ValidationError("--request tells of a past request; nothing about it can be chosen.")
    }
    if let maxTokens, maxTokens < 1 { throw ValidationError("--max-tokens is a number from 1.") }
  }

  func run() throws {
    let configuration = try options.load()
    if let request {
      try tell(of: request, ledger: options.resolve(configuration.ledger.path))
    } else if let prompt {
      try plan(prompt, configuration)
    }
  }

  private func plan(_ prompt: String, _ configuration: GatewayConfiguration) throws {
    var plan = OfflinePlan(prompt: prompt)
    (plan.model, plan.priority, plan.maxTokens, plan.isStreaming) =
      (model, priority?.rawValue, maxTokens, stream)
    let explanation: Explanation
    do throws(OfflinePlan.Refusal) {
      explanation = try plan.explanation(configuration)
    } catch {
      printError("tollgate: \(error)")
      throw ExitCode(1)
    }
    print("planned by \(options.config) with fresh health: a running gateway goes by what it has seen, too")
    print(explanation.summary + "\n")
    print(explanation.table(), terminator: "")
  }

  private func tell(of id: String, ledger path: String) throws {
    let (line, decision): ([UInt8]?, Decision?)
    do throws(UsageLogError) {
      line = try LedgerSearch.line(of: id, ledger: path)
      decision = try DecisionReader.decision(of: id, ledger: path)
    } catch {
      printError("tollgate: \(error)")
      throw ExitCode(1)
    }
    let entry = line.flatMap { LedgerEntry(line: $0) }
    guard entry != nil || decision != nil else {
      printError("tollgate: there is no request '\(id)' in \(path)")
      throw ExitCode(1)
    }
    if let entry { print(entry.summary) }
    if let decision {
      print(decision.text(), terminator: "")
    } else {
      print("No decision is kept for it: its file was rotated away, or ledger.decisions_bytes was 0.")
    }
  }
}

extension LedgerEntry {
  /// The line in a few words.
  fileprivate var summary: String {
    var bytes: [UInt8] = []
    time.appendRFC3339(to: &bytes)
    var text = "\(id): \(status.rawValue) at \(String(decoding: bytes, as: UTF8.self))"
    if let provider { text += " from \(provider)" }
    text += ", \(usage.input) tokens in, \(usage.output) out, \(cost) USD"
    if let latencyMilliseconds { text += ", \(latencyMilliseconds) ms" }
    return text
  }
}
