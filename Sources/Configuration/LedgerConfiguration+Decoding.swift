extension LedgerConfiguration {
  /// Reads the section; what is wrong is reported and keeps its default.
  init(reading section: inout SectionReader) {
    self.init()
    path = section.text("path")?.text ?? path
    fsync = section.choice("fsync", of: FsyncMode.self) ?? fsync
    rotateBytes = section.integer("rotate_bytes", in: 1...1_000_000_000_000_000) ?? rotateBytes
    decisionsBytes = section.integer("decisions_bytes", in: 0...1_000_000_000_000) ?? decisionsBytes
    onError = section.choice("on_error", of: LedgerErrorPolicy.self) ?? onError
    content = section.flag("content") ?? content
    if path.hasSuffix("/") {
      section.report("ledger.path must name a file, not a folder", at: section.place(of: "path"))
    }
  }
}
