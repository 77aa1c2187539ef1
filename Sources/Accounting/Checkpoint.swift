import GatewayTypes

/// A ledger's sums up to one place, in a file beside it, so that a start need not read it all.
///
/// The file is replaced as a whole: written aside, flushed, renamed. It ends with the SHA-256 of what it
/// holds, so a damaged one is known and left. It is only ever a shortcut: without it the same sums are
/// made from the ledger.
enum Checkpoint {
  /// Changes with the form of the file, so that one of another version is left.
  private static let magic = Array("TOLLGATE CHECKPOINT 1\n".utf8)
  private static let digestSize = 32
  /// Some 5 million users.
  private static let maximumSize = 1 << 30

  static func path(ofLedger path: String) -> String { path + ".checkpoint" }

  /// Replaces the file at `path`.
  static func save(_ state: LedgerState, to path: String) throws(UsageLogError) {
    try WholeFile.replace(path, with: encode(state), synchronizes: true)
  }

  /// What is in the file at `path`; nil when there is none.
  static func load(_ path: String) throws(CheckpointError) -> LedgerState? {
    let bytes: [UInt8]?
    do throws(UsageLogError) {
      bytes = try WholeFile.bytes(of: path, maximumSize: maximumSize)
    } catch {
      throw .unreadable(error)
    }
    guard let bytes else { return nil }
    return try decode(bytes)
  }
}

/// Why a checkpoint is of no use.
enum CheckpointError: Error, Hashable {
  /// It is cut, changed, or of another version.
  case damaged
  case unreadable(UsageLogError)
}

extension Checkpoint {
  /// The file's bytes. Two states of the same lines give the same bytes.
  static func encode(_ state: LedgerState) -> [UInt8] {
    var writer = CheckpointWriter(magic)
    writer.integer(UInt8(state.scope.everyUser ? 1 : 0))
    for names in [state.scope.users.sorted(), state.scope.tags.sorted()] {
      writer.integer(UInt32(names.count))
      for name in names { writer.name(name.utf8) }
    }
    writer.integer(state.position.offset)
    for part in state.position.link.parts { writer.integer(part) }
    writer.integer(state.lineCount)
    writer.integer(state.garbledCount)
    writer.integer(state.since?.millisecondsSince1970 ?? -1)
    writer.integer(state.byProvider.limit)
    writer.sum(state.total)
    writer.window(state.lastMinute)
    writer.window(state.lastHour)
    for sums in [state.byProvider, state.byModel, state.byUser, state.byIntent, state.byKey] {
      writer.sums(sums)
    }
    writer.spending(state.everybody)
    for spendings in [state.users, state.keys, state.tags] { writer.spendings(spendings) }
    for word in digest(writer.bytes[...]) { writer.integer(word) }
    return writer.bytes
  }

  static func decode(_ bytes: [UInt8]) throws(CheckpointError) -> LedgerState {
    let end = bytes.count - digestSize
    guard end > magic.count, bytes.starts(with: magic), digest(bytes[..<end]).elementsEqual(bytes[end...])
    else {
      throw .damaged
    }
    var reader = CheckpointReader(bytes, from: magic.count, to: end)
    var scope = SpendingScope(everyUser: try reader.integer(UInt8.self) == 1)
    for _ in 0..<(try reader.integer(UInt32.self)) { scope.users.insert(try reader.text()) }
    for _ in 0..<(try reader.integer(UInt32.self)) { scope.tags.insert(try reader.text()) }
    let position = LedgerState.Position(
      offset: try reader.integer(), link: ChainLink(parts: [try reader.integer(), try reader.integer()]))
    let (lineCount, garbledCount): (Int, Int) = (try reader.integer(), try reader.integer())
    let since: Int64 = try reader.integer()
    var state = LedgerState(scope: scope, groupLimit: try reader.integer())
    (state.position, state.lineCount, state.garbledCount) = (position, lineCount, garbledCount)
    if since >= 0, since <= Timestamp.latest { state.since = Timestamp(millisecondsSince1970: since) }
    state.total = try reader.sum()
    try reader.window(&state.lastMinute)
    try reader.window(&state.lastHour)
    try reader.sums(&state.byProvider)
    try reader.sums(&state.byModel)
    try reader.sums(&state.byUser)
    try reader.sums(&state.byIntent)
    try reader.sums(&state.byKey)
    state.everybody = try reader.spending()
    try reader.spendings(&state.users)
    try reader.spendings(&state.keys)
    try reader.spendings(&state.tags)
    guard reader.isAtEnd else { throw .damaged }
    return state
  }

  private static func digest(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.withUnsafeBytes { bytes in
      let digest = Sha256.digest(UnsafeRawBufferPointer(start: nil, count: 0), bytes)
      return digest.indices.map { digest[$0] }
    }
  }
}
