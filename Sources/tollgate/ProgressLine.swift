import Glibc

/// How far a long read is, on one line of a terminal; nothing at all where standard error is none.
final class ProgressLine {
  private let name: String
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var shown = -1

  init(_ name: String) {
    self.name = name
  }

  /// Shows whole percents, each once.
  func show(_ done: Int, of total: Int) {
    let percent = total > 0 ? done * 100 / total : 100
    guard isTerminal, percent != shown else { return }
    shown = percent
    write("\r\(name): \(percent) % of \(total / 1_000_000) MB")
  }

  /// Takes the line away.
  func clear() {
    guard shown >= 0 else { return }
    // ECMA-48 EL: erase to the line's end.
    write("\r\u{1b}[K")
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}
