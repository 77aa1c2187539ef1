// Feeds arbitrary bytes to the JSON reader and checks what must hold for every text that it accepts.
//
// Not part of the package, for libFuzzer brings its own `main`. From the repository's root:
//
//   swiftc -O -parse-as-library -sanitize=fuzzer,address -package-name tollgate -module-name JSONFuzz \
//     Sources/JSON/*.swift Tests/Fuzz/JSONFuzz.swift -o .build/json-fuzz
//   SWIFT_BACKTRACE=enable=no .build/json-fuzz -max_len=4096 -max_total_time=60

/// libFuzzer's entry: one input a call; a trap is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let document: JSONDocument
  do {
    document = try JSONDocument(parsing: bytes, limits: JSONLimits(maxDepth: 64, maxNodes: 10_000))
  } catch {
    precondition(error.offset <= count && !error.description.isEmpty, "an error must be inside the text")
    return 0
  }
  checkNodes(of: document)
  checkReplacing(in: document)
  return 0
}

/// Every value can be read; every string, written anew, reads back the same.
private func checkNodes(of document: JSONDocument) {
  for index in document.nodes.indices {
    let node = JSONNode(index: Int32(index))
    let range = document.range(of: node)
    precondition(!range.isEmpty && range.upperBound <= document.bytes.count, "a value must be in the text")
    _ = document.int(node)
    _ = document.double(node)
    guard document.kind(of: node) == .string else { continue }
    let text = document.decodedBytes(node)
    precondition(document.characterCounts(of: node).byteCount == text.count, "the counts must be the text's")
    var writer = JSONWriter()
    writer.stringFromUTF8(bytes: text)
    guard let again = try? JSONDocument(parsing: writer.bytes) else { fatalError("our own text is refused") }
    precondition(again.decodedBytes(again.root) == text, "a string must read back as it was written")
  }
}

/// A changed object is still valid, and says what it was changed to.
private func checkReplacing(in document: JSONDocument) {
  guard document.kind(of: document.root) == .object else { return }
  let changed = document.replacing(members: [("a", Array("1".utf8)), ("b", nil)])
  guard let again = try? JSONDocument(parsing: changed) else { fatalError("the changed object is refused") }
  precondition(again.member("a", of: again.root).flatMap { again.int($0) } == 1, "a must be replaced")
  precondition(again.member("b", of: again.root) == nil, "b must be gone")
}
