package import JSON

/// Guesses token counts from text sizes, where no provider has counted.
///
/// Today's tokenizers make one token of about four ASCII characters, of two accented Latin, Greek or
/// Cyrillic ones, of one Chinese, Japanese or Korean one, and two of an emoji. The guess is within a
/// third for prose in most languages; bytes / 4 is wrong by as much for Chinese alone.
package enum TokenEstimate {
  /// What a message's role and its delimiters take in the usual chat templates.
  private static let tokensPerMessage = 4
  /// More than any chat template puts around one message.
  private static let mostTokensPerMessage = 16
  /// More than the system text that some models' templates put in by themselves (Llama 3.1: 30, gpt-oss: 70).
  private static let mostTokensPerRequest = 256
  /// More than the dearest image: 8 tiles of 5,667 and 2,833 for gpt-4o-mini.
  private static let mostTokensPerAttachment = 50_000
  /// A usual image: 1,024 pixels square.
  private static let tokensPerAttachment = 765

  /// The likely number of tokens of a text; at least 1 when there is any.
  package static func tokens(in characters: JSONCharacterCounts) -> Int {
    let quarters =
      characters.oneByte + 2 * characters.twoBytes + 4 * characters.threeBytes + 8 * characters.fourBytes
    return (quarters + 3) / 4
  }

  /// The likely number of input tokens of a request.
  package static func tokens(in input: InputSize) -> Int {
    tokens(in: input.characters) + tokensPerMessage * input.messageCount
      + tokensPerAttachment * input.attachmentCount
  }

  /// A number of input tokens that a request cannot pass, for reservations: a token is at least one byte.
  package static func upperBound(of input: InputSize) -> Int {
    upperBound(inputBytes: input.characters.byteCount)
      + mostTokensPerMessage * input.messageCount
      + mostTokensPerAttachment * input.attachmentCount
  }

  /// A number of tokens that `inputBytes` of text in one request cannot pass, its messages' own not counted.
  package static func upperBound(inputBytes: Int) -> Int {
    inputBytes + mostTokensPerRequest
  }
}
