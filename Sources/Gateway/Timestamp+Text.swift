internal import Accounting

extension Timestamp {
  /// RFC 3339 with milliseconds, such as `2026-11-21T09:00:00.123Z`.
  var text: String {
    var bytes: [UInt8] = []
    appendRFC3339(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
