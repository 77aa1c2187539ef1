internal import Glibc
package import HTTP

/// Serves the files of one folder, and nothing outside it.
///
/// A path is walked one name at a time from the open folder, links are not followed and names that begin
/// with a dot do not exist, so no path leads out.
package struct StaticFiles: Sendable {
  package let folder: String

  /// The dashboard's files are some ten kilobytes; a larger one is there by mistake.
  private static let maxFileSize = 8_388_608

  package init(folder: String) {
    self.folder = folder
  }

  /// The answer for the file at `path`, relative to the folder; nil when there is none. An empty path or
  /// one that ends in `/` means `index.html` there. `ifNoneMatch` is the request's header.
  package func response(path: String, ifNoneMatch: ArraySlice<UInt8>?) -> Response? {
    var names = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    if path.isEmpty || path.hasSuffix("/") { names.append("index.html") }
    guard let name = names.last, let file = open(names) else { return nil }
    var fields = ResponseFields()
    let tag = "\"\(String(file.modifiedAt, radix: 36))-\(String(file.size, radix: 36))\""
    fields.add("ETag", tag)
    fields.add("Cache-Control", "no-cache")
    fields.add("X-Content-Type-Options", "nosniff")
    if let ifNoneMatch, Self.matches(ifNoneMatch, tag: tag) { return Response(status: 304, fields: fields) }
    fields.add("Content-Type", Self.contentType(of: name))
    // The page loads its own files only, and may ask a gateway at another address for data.
    fields.add(
      "Content-Security-Policy",
      "default-src 'self'; connect-src *; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    guard let body = read(file) else { return nil }
    return Response(status: 200, fields: fields, body: body)
  }

  private struct File: ~Copyable {
    let descriptor: Int32
    let size: Int
    let modifiedAt: Int

    deinit { close(descriptor) }
  }

  private func open(_ names: [String]) -> File? {
    guard !names.contains(where: { $0.hasPrefix(".") || $0.utf8.contains(0) }) else { return nil }
    var descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    for (index, name) in names.enumerated() {
      guard descriptor >= 0 else { return nil }
      let isLast = index == names.count - 1
      let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (isLast ? 0 : O_DIRECTORY)
      let next = openat(descriptor, name, flags)
      close(descriptor)
      descriptor = next
    }
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= Self.maxFileSize
    else {
      close(descriptor)
      return nil
    }
    let modifiedAt = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    return File(descriptor: descriptor, size: Int(status.st_size), modifiedAt: modifiedAt)
  }

  private func read(_ file: borrowing File) -> [UInt8]? {
    let descriptor = file.descriptor
    let size = file.size
    var isWhole = true
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let read = Glibc.read(descriptor, buffer.baseAddress! + count, size - count)
        guard read > 0 else {
          isWhole = false
          return
        }
        count += read
      }
    }
    return isWhole ? bytes : nil
  }

  /// `If-None-Match` is a list of tags, or `*` (RFC 9110 §13.1.2); weak tags compare equal to strong ones.
  private static func matches(_ list: ArraySlice<UInt8>, tag: String) -> Bool {
    list.split(separator: UInt8(ascii: ",")).contains { item in
      var item = item.trimmingSpaces()
      if item.starts(with: "W/".utf8) { item = item.dropFirst(2) }
      return item.elementsEqual("*".utf8) || item.elementsEqual(tag.utf8)
    }
  }

  private static func contentType(of name: String) -> String {
    switch name.split(separator: ".").last.map(String.init) {
    case "html": "text/html; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "json": "application/json"
    case "svg": "image/svg+xml"
    case "png": "image/png"
    case "ico": "image/x-icon"
    case "txt", "md": "text/plain; charset=utf-8"
    default: "application/octet-stream"
    }
  }
}
