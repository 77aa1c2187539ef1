/// Makes a provider's message fit to be shown to a caller: short, on one line, and without secrets.
enum SafeMessage {
  private static let maxCharacters = 500
  private static let blot = "[redacted]"

  /// What providers' keys and account names begin with.
  private static let secretPrefixes = [
    "sk-", "sk_", "pk-", "gsk_", "xai-", "AIza", "hf_", "org-", "proj_", "key-", "r8_", "nvapi-", "pplx-",
    "fw_", "Bearer", "eyJ",
  ]
  /// A prefix alone is a word; with this many characters behind it, it is a key.
  private static let shortestSecret = 8
  /// A word this long with letters and digits in one piece of `longestPiece` is a key whatever it begins
  /// with. Names of models are as long, but in pieces.
  private static let longestWord = 32
  private static let longestPiece = 16

  static func text(_ message: String, secret: String?) -> String {
    var message = message
    if let secret, secret.count >= 4 {
      message = replace(secret, in: message)
    }
    var safe = ""
    var word = ""
    // Cut before the words are looked at, so that the work is bounded; the mark shows it.
    for character in message.prefix(maxCharacters) {
      if isKeyCharacter(character) {
        word.append(character)
        continue
      }
      append(word, to: &safe)
      word = ""
      safe.append(character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? " " : character)
    }
    append(word, to: &safe)
    return message.count > maxCharacters ? safe + "…" : safe
  }

  private static func append(_ word: String, to safe: inout String) {
    let afterBearer = safe.hasSuffix("Bearer ") && word.count >= shortestSecret
    safe += afterBearer || isSecret(word) ? blot : word
  }

  private static func isSecret(_ word: String) -> Bool {
    if word.count >= longestWord {
      let pieces = word.split { $0 == "-" || $0 == "_" }
      let isKey = pieces.contains {
        $0.count >= longestPiece && $0.contains(where: \.isNumber) && $0.contains(where: \.isLetter)
      }
      if isKey { return true }
    }
    return secretPrefixes.contains { word.hasPrefix($0) && word.count >= $0.count + shortestSecret }
  }

  /// The characters that keys are made of; providers put `*` where they leave some out themselves.
  private static func isKeyCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-_*".contains(character))
  }

  private static func replace(_ secret: String, in message: String) -> String {
    message.split(separator: secret, omittingEmptySubsequences: false).joined(separator: blot)
  }
}
