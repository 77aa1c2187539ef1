import ArgumentParser

@main
struct Tollgate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "An LLM gateway whose bill is right.")
}
