import GatewayTypes
import JSON

/// What a provider's error body says, whichever of the usual shapes it has.
struct ErrorBody {
  var message = ""
  /// In lower case; a number's digits where the provider sends a number.
  var code = ""
  /// In lower case.
  var type = ""
  /// How long to wait, in seconds with a fraction, where the body says so; empty elsewhere.
  var retryDelay = ""

  /// Errors are short; a longer body is a page of some proxy's.
  private static let limits = JSONLimits(maxDepth: 32, maxNodes: 10_000, maxBytes: 1 << 20)

  private init() {}

  /// Reads a body; anything that is not known JSON leaves all empty.
  init(parsing body: [UInt8]) {
    guard let document = try? JSONDocument(parsing: body, limits: ErrorBody.limits) else {
      self.init()
      return
    }
    // Gemini wraps the object into an array.
    let root = document.elements(of: document.root).first { _ in true } ?? document.root
    if let error = document.member("error", of: root), !document.isNull(error) {
      self.init(error: error, in: document)
      // Hugging Face and others: `{"error":"text","error_type":"…"}`, `{"error":"text","message":"…"}`.
      if type.isEmpty { type = ErrorBody.word("error_type", root, document) }
    } else {
      // Mistral and Cohere: `{"message":…,"type":…,"code":…}`.
      self.init(error: root, in: document)
    }
  }

  /// Reads an `error` member: an object, or only its text.
  init(error: JSONNode, in document: JSONDocument) {
    if let text = document.string(error) {
      message = text
      return
    }
    code = ErrorBody.word("code", error, document)
    type = ErrorBody.word("type", error, document)
    // Gemini: the code is the HTTP status, the word is in `status`.
    if type.isEmpty { type = ErrorBody.word("status", error, document) }
    retryDelay = ErrorBody.retryDelay(error, document)
    // FastAPI (vLLM and others): `detail` is the text, or an array of objects with `msg`.
    for name: StaticString in ["message", "detail"] where message.isEmpty {
      guard let node = document.member(name, of: error) else { continue }
      let detail = document.elements(of: node).first { _ in true }.flatMap { document.member("msg", of: $0) }
      message = document.string(detail ?? node) ?? ""
    }
  }

  /// Gemini sends no header: `details` has an entry with `"retryDelay":"34.07s"`.
  private static func retryDelay(_ error: JSONNode, _ document: JSONDocument) -> String {
    guard let details = document.member("details", of: error) else { return "" }
    for detail in document.elements(of: details) {
      guard let node = document.member("retryDelay", of: detail), let text = document.string(node) else {
        continue
      }
      return text.hasSuffix("s") ? String(text.dropLast()) : ""
    }
    return ""
  }

  private static func word(_ name: StaticString, _ object: JSONNode, _ document: JSONDocument) -> String {
    guard let node = document.member(name, of: object) else { return "" }
    return (document.string(node) ?? document.int(node).map(String.init) ?? "").lowercased()
  }
}

extension ErrorBody {
  /// The class that the provider's own words name; nil when they name none.
  var namedClass: FailureClass? {
    // Phrases decide only where providers give no code of their own for the case. The type
    // `invalid_request_error` says nothing: it is on errors of every sort.
    let text = message.lowercased()
    if isAny(of: ErrorBody.contextCodes) || ErrorBody.contextPhrases.contains(where: text.contains) {
      return .contextTooLong
    }
    if isAny(of: ErrorBody.quotaCodes) || ErrorBody.quotaPhrases.contains(where: text.contains) {
      return .quotaExceeded
    }
    if isAny(of: ErrorBody.contentCodes) { return .invalidRequest }
    if isAny(of: ErrorBody.rateCodes) { return .rateLimited }
    if isAny(of: ErrorBody.modelCodes) { return .modelNotFound }
    if isAny(of: ErrorBody.credentialCodes) || text.contains("api key not valid") { return .credential }
    if isAny(of: ErrorBody.transientCodes) { return .transient }
    return nil
  }

  private func isAny(of words: Set<String>) -> Bool { words.contains(code) || words.contains(type) }

  private static let contextCodes: Set<String> = [
    "context_length_exceeded",  // OpenAI, Groq, DeepSeek
    "exceed_context_size_error",  // llama.cpp
    "string_above_max_length",  // OpenAI, a single text
  ]
  private static let contextPhrases = [
    "maximum context length",  // OpenAI, vLLM, OpenRouter, Mistral
    "context length exceeded", "context window", "exceeds the available context size",  // llama.cpp
    "prompt is too long",  // Anthropic
    "input token count",  // Gemini: "The input token count (…) exceeds the maximum number of tokens"
    "maximum prompt length",  // xAI
    "reduce the length of the messages",  // Groq
  ]
  private static let quotaCodes: Set<String> = [
    "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance",
    "insufficient_credits", "billing_error", "credits_exhausted",
    "failed_precondition",  // Gemini: the account must turn on billing
  ]
  private static let quotaPhrases = [
    "credit balance is too low",  // Anthropic, with 400
    "insufficient balance",  // DeepSeek
  ]
  private static let contentCodes: Set<String> = [
    "content_policy_violation", "content_filter", "moderation_blocked", "content_moderation",
  ]
  private static let rateCodes: Set<String> = [
    "rate_limit_exceeded",  // OpenAI; Groq also with 413, for a request above the tokens of a minute
    "rate_limit_error", "resource_exhausted", "too_many_requests", "rate_limited",
  ]
  private static let modelCodes: Set<String> = ["model_not_found", "not_found_error", "model_not_active"]
  private static let credentialCodes: Set<String> = [
    "invalid_api_key", "authentication_error", "permission_error", "api_key_invalid", "unauthenticated",
    "permission_denied", "account_deactivated",
  ]
  private static let transientCodes: Set<String> = [
    "server_error", "api_error", "internal_error", "internal_server_error", "overloaded_error", "unavailable",
    "internal", "service_unavailable", "timeout_error", "deadline_exceeded",
  ]
}
