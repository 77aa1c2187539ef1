/// Why a text is not JSON, and where, in words that the text's writer can act on.
package struct JSONError: Error, Hashable, Sendable {
  /// The rule that was broken.
  package enum Reason: Hashable, Sendable {
    case emptyText
    case expectedValue
    case expectedKey
    case expectedColon
    case expectedCommaInObject
    case expectedCommaInArray
    case trailingComma
    case textAfterValue
    case unterminatedString
    case controlCharacter
    case invalidEscape
    case invalidUTF8
    case invalidNumber
    case tooDeep(limit: Int)
    case tooManyValues(limit: Int)
    case tooLong(limit: Int)
  }

  package let reason: Reason
  /// Where it was broken, in bytes from the start.
  package let offset: Int
  /// The line of that place, from 1.
  package let line: Int
  /// The character in that line, from 1; characters are Unicode code points.
  package let column: Int
  /// Whether the text ended there: more of it might have been well.
  package let isAtEnd: Bool

  init(_ reason: Reason, at offset: Int, in text: Span<UInt8>) {
    self.reason = reason
    self.offset = offset
    (line, column) = JSONError.position(ofByte: offset, in: text)
    isAtEnd = offset >= text.count
  }

  /// Counts lines at LF, and characters by their first byte.
  static func position(ofByte offset: Int, in text: Span<UInt8>) -> (line: Int, column: Int) {
    var line = 1
    var column = 1
    for index in 0..<min(offset, text.count) {
      let byte = text[index]
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }
}

extension JSONError: CustomStringConvertible {
  /// Place and reason, for example `line 3, column 7: expected ':' after the key`.
  package var description: String {
    if reason == .emptyText { return "the text is empty, expected a JSON value" }
    return "line \(line), column \(column): \(reason)" + (isAtEnd ? ", but the text ends here" : "")
  }
}

extension JSONError.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .emptyText: "expected a JSON value"
    case .expectedValue:
      "expected a value (an object, an array, a string in double quotes, a number, true, false or null)"
    case .expectedKey: "expected a key in double quotes"
    case .expectedColon: "expected ':' after the key"
    case .expectedCommaInObject: "expected ',' or '}' after the member"
    case .expectedCommaInArray: "expected ',' or ']' after the element"
    case .trailingComma: "a comma must be followed by another value, remove it"
    case .textAfterValue: "only one JSON value is allowed, remove what follows it"
    case .unterminatedString: "expected the string's closing double quote"
    case .controlCharacter: "a control character in a string must be written as an escape such as \\n"
    case .invalidEscape: "a backslash must be followed by one of \"\\/bfnrt or by u and four hex digits"
    case .invalidUTF8: "the bytes here are not UTF-8"
    case .invalidNumber: "this is not a JSON number (digits, no leading zero, digits around a '.')"
    case .tooDeep(let limit): "arrays and objects are nested more than \(limit) deep"
    case .tooManyValues(let limit): "the text holds more than \(limit) values"
    case .tooLong(let limit): "the text is longer than \(limit) bytes"
    }
  }
}
