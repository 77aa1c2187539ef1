import Foundation
import TestSupport

/// What a JSON value must be: its kind, and whether it may be null.
indirect enum Shape: Sendable {
  case text, number, wholeNumber, flag, null
  /// An RFC 3339 time in UTC.
  case time
  case anyOf([String])
  case optional(Shape)
  case list(Shape)
  /// Every member has the same shape.
  case map(Shape)
  /// These members, all of them; further ones may be there.
  case object([String: Shape])

  /// What is wrong with `value`; empty when nothing is.
  func faults(in value: JSONValue, at path: String = "$") -> [String] {
    let fault = ["\(path) is \(value), not \(self)"]
    switch (self, value) {
    case (.text, .string), (.number, .number), (.flag, .bool), (.null, .null): return []
    case (.wholeNumber, .number(let number)):
      return Decimal(string: String(describing: Int(truncating: number as NSNumber))) == number ? [] : fault
    case (.time, .string(let text)):
      return text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) == nil ? fault : []
    case (.anyOf(let texts), .string(let text)): return texts.contains(text) ? [] : fault
    case (.optional(let shape), _): return value == .null ? [] : shape.faults(in: value, at: path)
    case (.list(let shape), .array(let elements)):
      return elements.enumerated().flatMap { shape.faults(in: $1, at: "\(path)[\($0)]") }
    case (.map(let shape), .object(let members)):
      return members.flatMap { shape.faults(in: $1, at: "\(path).\($0)") }
    case (.object(let shapes), .object(let members)):
      return shapes.sorted { $0.key < $1.key }.flatMap { name, shape in
        members[name].map { shape.faults(in: $0, at: "\(path).\(name)") } ?? ["\(path).\(name) is missing"]
      }
    default: return fault
    }
  }
}

extension Shape {
  static let attempt = Shape.object(["provider": .text, "outcome": .text, "latency": .number])
  static let intent = Shape.anyOf([
    "code_generation", "education", "writing", "translation", "summarization", "analysis", "general",
  ])
  static let circuit = Shape.anyOf(["CLOSED", "OPEN", "HALF_OPEN"])

  /// `POST /generate`.
  static let generateAnswer = Shape.object([
    "id": .text, "status": .anyOf(["success"]), "provider": .text, "modelUsed": .text, "response": .text,
    "tokens": .wholeNumber,
    "usage": .object([
      "prompt_tokens": .wholeNumber, "completion_tokens": .wholeNumber, "total_tokens": .wholeNumber,
      "cached_tokens": .wholeNumber, "reasoning_tokens": .wholeNumber, "estimated": .flag,
    ]), "cost": .number, "latency": .number, "intent": intent, "finish_reason": .text,
    "attempts": .list(attempt), "warnings": .list(.text),
  ])

  /// `POST /chat/completions` with a prompt.
  static let chatAnswer = Shape.object([
    "provider_used": .text, "content": .text, "latency_ms": .wholeNumber, "cost": .number,
  ])

  /// Every error but Anthropic's.
  static let error = Shape.object([
    "error": .object([
      "message": .text, "type": .text, "code": .optional(.text), "param": .optional(.text),
      "request_id": .text,
    ]), "status": .anyOf(["error"]),
  ])

  static let anthropicError = Shape.object([
    "type": .anyOf(["error"]), "error": .object(["type": .text, "message": .text]), "request_id": .text,
  ])

  /// An element of `GET /providers`.
  static let provider = Shape.object([
    "id": .text, "name": .text, "model": .text, "kind": .anyOf(["openai", "anthropic", "gemini", "mock"]),
    "priority": .wholeNumber, "cost_per_token": .number, "input_cost_per_token": .number,
    "output_cost_per_token": .number, "latency_ms": .optional(.wholeNumber),
    "rate_limit_rpm": .optional(.wholeNumber), "specialties": .list(.text), "quality_score": .number,
    "is_down": .flag, "circuit_status": circuit, "circuit_reason": .optional(.text),
    "retry_at": .optional(.time),
    "penalized": .flag, "cooling_until": .optional(.time), "disabled_reason": .optional(.text),
    "success_rate": .number, "requests": .wholeNumber, "in_flight": .wholeNumber,
    "requests_last_minute": .wholeNumber, "tokens_last_minute": .wholeNumber,
    "tokens_last_hour": .wholeNumber,
  ])

  /// `GET /routing/analytics`.
  static let analytics = Shape.object([
    "global": .object([
      "total_requests": .wholeNumber, "total_success": .wholeNumber, "total_failures": .wholeNumber,
      "avg_latency_ms": .number, "total_cost": .number, "success_rate": .number,
    ]),
    "providers": .map(
      .object([
        "requests": .wholeNumber, "success": .wholeNumber, "failures": .wholeNumber, "success_rate": .number,
        "avg_latency_ms": .number, "is_down": .flag, "circuit_status": circuit,
      ])),
  ])

  private static let group = Shape.object([
    "requests": .wholeNumber, "tokens": .wholeNumber, "cost": .number, "failures": .wholeNumber,
  ])

  /// `GET /stats`.
  static let stats = Shape.object([
    "total_requests": .wholeNumber, "total_success": .wholeNumber, "total_failures": .wholeNumber,
    "total_tokens": .wholeNumber, "prompt_tokens": .wholeNumber, "completion_tokens": .wholeNumber,
    "total_cost": .number, "success_rate": .number, "saved_cost": .number, "since": .time,
    "last_minute": group,
    "last_hour": group, "by_provider": .map(group), "by_model": .map(group), "by_user": .map(group),
    "by_intent": .map(group), "by_key": .map(group),
  ])

  /// `POST /routing/explain`.
  static let explanation = Shape.object([
    "intent": intent, "strategy": .anyOf(["cost", "speed", "quality"]), "chosen": .optional(.text),
    "candidates": .list(
      .object([
        "provider": .text, "rank": .optional(.wholeNumber), "expected_cost": .number,
        "expected_latency_ms": .optional(.wholeNumber), "eligible": .flag, "reasons": .list(.text),
      ])),
  ])

  /// A line of the ledger, and an element of `GET /requests`.
  static let ledgerLine = Shape.object([
    "time": .time, "id": .text, "surface": .text, "user": .optional(.text), "key": .optional(.text),
    "provider": .optional(.text), "model": .optional(.text),
    "status": .anyOf(["success", "error", "cancelled", "partial", "unknown", "cached"]),
    "http_status": .optional(.wholeNumber), "prompt_tokens": .wholeNumber, "cached_tokens": .wholeNumber,
    "completion_tokens": .wholeNumber, "reasoning_tokens": .wholeNumber, "total_tokens": .wholeNumber,
    "cost_usd": .text, "estimated": .flag, "latency_ms": .optional(.wholeNumber),
    "ttft_ms": .optional(.wholeNumber),
    "attempts": .wholeNumber, "fallbacks": .list(.text), "intent": .optional(.text), "stream": .flag,
    "tags": .map(.text),
  ])

  /// `GET /health` and below.
  static let health = Shape.object(["status": .anyOf(["ok", "degraded", "draining"])])
}
