import Glibc

/// The files that make up one ledger, oldest first: those that were rotated away, then the live one.
///
/// Our own rotation names them `usage.log.000001`, `usage.log.000002` and so on, the oldest first.
/// logrotate(8) names them `usage.log.1`, `usage.log.2`, the newest first; those are taken to be older
/// than ours. Compressed files and files of other names are not read.
struct LogFiles: Sendable {
  /// Paths, oldest first. The live file is the last, where it exists.
  let paths: [String]
  /// The number that the next rotation takes.
  let nextNumber: Int

  private static let digitCount = 6

  /// Looks into the folder of `path`.
  init(of path: String) {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    var ours: [Int] = []
    var others: [Int] = []
    for entry in LogFiles.names(in: folder) where entry.hasPrefix(name + ".") {
      let suffix = entry.utf8.dropFirst(name.utf8.count + 1)
      guard suffix.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
        let number = Int(String(suffix) ?? "")
      else { continue }
      if suffix.count >= LogFiles.digitCount { ours.append(number) } else { others.append(number) }
    }
    let live = access(path, F_OK) == 0 ? [path] : []
    paths =
      others.sorted(by: >).map { "\(path).\($0)" } + ours.sorted().map { LogFiles.rotated(path, number: $0) }
      + live
    nextNumber = (ours.max() ?? 0) + 1
  }

  /// The name that rotation `number` gives the file at `path`.
  static func rotated(_ path: String, number: Int) -> String {
    let digits = String(number)
    return path + "." + String(repeating: "0", count: max(0, digitCount - digits.utf8.count)) + digits
  }

  /// Opens all files of the ledger at `path`, oldest first.
  ///
  /// A rotation between looking and opening would put another file under the live one's name; it also
  /// adds a name, so the folder is looked at again until nothing has changed meanwhile.
  static func open(of path: String) throws(UsageLogError) -> [LogFile] {
    while true {
      let paths = LogFiles(of: path).paths
      var files: [LogFile] = []
      for path in paths {
        if let file = try LogFile.openForReading(path) { files.append(file) }
      }
      if files.count == paths.count, LogFiles(of: path).paths == paths { return files }
    }
  }

  /// The number that our rotation gave `file`; 1 for the live one of a ledger that never rotated, nil for
  /// names that are not ours.
  static func number(of file: String, ledger path: String) -> Int? {
    if file == path { return 1 }
    let suffix = file.utf8.dropFirst(path.utf8.count + 1)
    return suffix.count >= digitCount ? Int(String(suffix) ?? "") : nil
  }

  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      names.append(name)
    }
    return names
  }
}
