package import JSON

/// Guesses token counts from text sizes, where no provider has counted.
///
/// Today's tokenizers make one token of about four ASCII letters, of two digits or signs, and of some 20 spaces,
/// which mostly belong to the word behind them; of a bit more than two accented Latin, Greek or Cyrillic letters;
/// of one Chinese, Japanese or Korean character; and two or three of an emoji. docs/money.md has what that comes
/// to, measured.
package enum TokenEstimate {
  /// What a message's role and its delimiters take in the usual chat templates.
  private static let tokensPerMessage = 4
  /// More than any chat template puts around one message.
  private static let mostTokensPerMessage = 16
  /// More than the system text that some models' templates put in by themselves (Llama 3.1: 30, gpt-oss: 70).
  private static let mostTokensPerRequest = 256
  /// More than the text around tools: Anthropic's has up to 700 tokens, Qwen's 150.
  private static let mostTokensForTools = 1_024
  /// More than the text of one of a vendor's own tools: Anthropic's editor has 700 tokens, its computer 735.
  private static let mostTokensPerKnownTool = 2_048
  /// More than the dearest image that is known of: 8 tiles of 5,667 and 2,833 for gpt-4o-mini.
  package static let mostTokensPerImage = 50_000
  /// A usual image: 1,024 pixels square.
  private static let tokensPerImage = 765
  /// Of the base64 text of a sound of 64 kbit/s, in which a token lasts 100 ms.
  private static let soundBytesPerToken = 1_000
  /// Of the base64 text of a PDF of text and drawings: a page has some 2,500 tokens and 60 kB.
  private static let fileBytesPerToken = 25

  /// The likely number of tokens of a text; at least 1 when there is any.
  package static func tokens(in characters: JSONCharacterCounts) -> Int {
    let signs = characters.oneByte - characters.letters - characters.spaces
    var eightieths = 20 * characters.letters + 4 * characters.spaces + 40 * signs
    eightieths += 34 * characters.twoBytes + 80 * characters.threeBytes + 200 * characters.fourBytes
    return (eightieths + 79) / 80
  }

  /// The likely number of input tokens of a request.
  package static func tokens(in input: InputSize) -> Int {
    tokens(in: input.characters) + input.toolBytes * 3 / 8 + tokensPerMessage * input.messageCount
      + tokensPerImage * input.imageCount + input.soundBytes / soundBytesPerToken
      + input.fileBytes / fileBytesPerToken
  }

  /// A number of input tokens that a request cannot pass, for reservations, its open ends left aside: a token
  /// is at least one byte.
  ///
  /// Some templates write the definitions of tools with line breaks and indents, at most a token more for
  /// each of their bytes.
  package static func upperBound(
    of input: InputSize, tokensPerImage: Int = mostTokensPerImage
  ) -> Int {
    var bound = upperBound(inputBytes: input.characters.byteCount) + mostTokensPerMessage * input.messageCount
    if input.toolBytes > 0 {
      bound += mostTokensForTools + 2 * input.toolBytes + mostTokensPerKnownTool * input.knownToolCount
    }
    return bound + tokensPerImage * input.imageCount + input.soundBytes + input.fileBytes
  }

  /// A number of tokens that `inputBytes` of text in one request cannot pass, its messages' own not counted.
  package static func upperBound(inputBytes: Int) -> Int {
    inputBytes + mostTokensPerRequest
  }
}
