/// The environment variables that turn the token cooldown on or change it, above what the file says.
enum CooldownVariables {
  static let threshold = "TOKEN_COOLDOWN_THRESHOLD"
  static let duration = "COOLDOWN_DURATION_SECONDS"

  /// Applies the variables that are set and not empty; a bad value is reported under the variable's name.
  static func apply(to configuration: inout GatewayConfiguration, in context: DecodingContext) {
    if let text = value(of: threshold, in: context) {
      if let tokens = Int(text), (1...CooldownConfiguration.tokensLimit).contains(tokens) {
        configuration.cooldown = configuration.cooldown ?? CooldownConfiguration(tokens: tokens)
        configuration.cooldown?.tokens = tokens
      } else {
        refuse(
          threshold, "must be a whole number of tokens from 1; unset it to leave the file in force", context)
      }
    }
    if let text = value(of: duration, in: context) {
      if let length = DurationText.duration(text), (.milliseconds(1) ... .seconds(86_400)).contains(length) {
        warnIfAlone(configuration, context)
        configuration.cooldown?.duration = length
      } else {
        refuse(
          duration,
          "must be a number of seconds above 0 and up to 86400; unset it to leave the file in force", context)
      }
    }
  }

  private static func value(of name: String, in context: DecodingContext) -> String? {
    guard let text = context.environment[name], !text.isEmpty else { return nil }
    return text
  }

  private static func refuse(_ name: String, _ message: String, _ context: DecodingContext) {
    context.diagnostics.report(ConfigurationError(file: name, line: nil, column: nil, message: message))
  }

  private static func warnIfAlone(_ configuration: GatewayConfiguration, _ context: DecodingContext) {
    guard configuration.cooldown == nil else { return }
    context.diagnostics.warn(
      "\(duration): has no effect, because there is neither 'cooldown:' in the file nor \(threshold)")
  }
}
