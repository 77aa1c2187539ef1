/// Collects the errors and warnings of one reading.
///
/// A reference, so that every part of the reading writes into the same one; used by one thread.
final class Diagnostics {
  /// The path as it was given.
  let file: String
  private(set) var warnings: [String] = []
  private var found: [(mark: YAMLMark, error: ConfigurationError)] = []
  private var elsewhere: [ConfigurationError] = []

  /// Bounds the memory that a file full of nonsense takes; far more than are shown.
  private static let limit = 1000

  init(file: String) {
    self.file = file
  }

  /// How many errors there are so far: unchanged over a piece of work, the piece was sound.
  var errorCount: Int { found.count + elsewhere.count }

  /// Whether further errors are no longer kept, so that looking for them is in vain.
  var isFull: Bool { errorCount >= Diagnostics.limit }

  /// Notes an error in the file itself.
  func report(_ message: String, at mark: YAMLMark) {
    guard found.count < Diagnostics.limit else { return }
    let error = ConfigurationError(file: file, line: mark.line, column: mark.column, message: message)
    found.append((mark, error))
  }

  /// Notes an error outside the file: in `.env` or in an environment variable.
  func report(_ error: ConfigurationError) {
    guard elsewhere.count < Diagnostics.limit else { return }
    elsewhere.append(error)
  }

  /// Notes what is allowed but probably not meant.
  func warn(_ message: String, at mark: YAMLMark) {
    warn("\(file):\(mark.line):\(mark.column): \(message)")
  }

  func warn(_ message: String) {
    guard warnings.count < Diagnostics.limit else { return }
    warnings.append(message)
  }

  /// Throws everything reported so far, in file order; returns when nothing was.
  func throwIfAny() throws(ConfigurationErrors) {
    let inOrder = found.sorted { $0.mark < $1.mark }.map(\.error)
    guard !inOrder.isEmpty || !elsewhere.isEmpty else { return }
    throw ConfigurationErrors(elsewhere + inOrder)
  }
}
