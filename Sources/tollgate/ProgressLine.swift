import Glibc

/// How far a long read is, on one line of a terminal; nothing at all where standard error is none.
final class ProgressLine {
  private let name: String
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var shown = -1

  init(_ name: String) {
    self.name = name
  }

  /// Shows whole percents of so many bytes, each once.
  func show(_ done: Int, of total: Int) {
    show(percent: total > 0 ? done * 100 / total : 100, of: " of \(total / 1_000_000) MB")
  }

  /// Shows whole percents of what is no bytes, each once; `share` is 0 … 1.
  func show(_ share: Double) {
    show(percent: Int(share * 100), of: "")
  }

  private func show(percent: Int, of total: String) {
    guard isTerminal, percent != shown else { return }
    shown = percent
    write("\r\(name): \(percent) %\(total)")
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
