import GatewayTypes
import Testing

@testable import Configuration

@Suite("PriceMap")
struct PriceMapTests {
  private static let map = #"""
    {
      "sample_spec": {"input_cost_per_token": 0.0, "mode": "one of: chat, embedding", "max_tokens": "LEGACY"},
      "gpt-4o-mini": {
        "input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07,
        "cache_read_input_token_cost": 7.5e-08, "max_input_tokens": 128000, "max_output_tokens": 16384,
        "litellm_provider": "openai", "mode": "chat", "supports_vision": true},
      "gemini/gemini-2.5-pro": {
        "input_cost_per_token": 1.25e-06, "output_cost_per_token": 1e-05,
        "cache_read_input_token_cost": 1.25e-07, "input_cost_per_token_above_200k_tokens": 2.5e-06,
        "output_cost_per_token_above_200k_tokens": 1.5E-05, "litellm_provider": "gemini", "mode": "chat",
        "input_cost_per_audio_token": 7e-07, "max_input_tokens": 1048576},
      "claude-sonnet-4": {
        "input_cost_per_token": 0.000003, "output_cost_per_token": 0.000015,
        "cache_creation_input_token_cost": 0.00000375,
        "cache_creation_input_token_cost_above_1hr": 6e-06, "cache_read_input_token_cost": 3e-07,
        "cache_creation_input_token_cost_above_200k_tokens": 7.5e-06,
        "litellm_provider": "anthropic", "output_cost_per_reasoning_token": 1.6e-05},
      "us.anthropic.x-v1:0": {"input_cost_per_token": 0, "output_cost_per_token": 0, "input_cost_per_request": 0.005},
      "text-embedding-3-small": {"input_cost_per_token": 2e-08, "litellm_provider": "openai", "mode": "embedding"},
      "gifted": {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0}
    }
    """#

  private func selection(_ text: String, _ patterns: String...) throws -> PriceMap.Selection {
    try PriceMap(Array(text.utf8), path: "map.json").selection(matching: patterns)
  }

  @Test("writes a model's prices exactly, as an entry to paste")
  func entry() throws {
    let found = try selection(Self.map, "gpt-4o-mini")
    #expect(
      found.yaml == """
          - name: openai
            model: gpt-4o-mini
            context_window: 128000
            max_output_tokens: 16384
            input_cost_per_million_tokens: 0.15
            output_cost_per_million_tokens: 0.6
            cached_input_cost_per_million_tokens: 0.075

        """)
    #expect((found.entryCount, found.warnings) == (1, []))
  }

  @Test("long contexts keep the prices that the map does not raise")
  func tiers() throws {
    let found = try selection(Self.map, "gemini/*", "*sonnet*")
    #expect(
      found.yaml == """
          - name: gemini
            model: gemini-2.5-pro
            context_window: 1048576
            input_cost_per_million_tokens: 1.25
            output_cost_per_million_tokens: 10
            cached_input_cost_per_million_tokens: 0.125
            above_tokens:
              - threshold: 200000
                input_cost_per_million_tokens: 2.5
                output_cost_per_million_tokens: 15
                cached_input_cost_per_million_tokens: 0.125
          - name: anthropic
            model: claude-sonnet-4
            input_cost_per_million_tokens: 3
            output_cost_per_million_tokens: 15
            cached_input_cost_per_million_tokens: 0.3
            cache_write_cost_per_million_tokens: 3.75
            cache_write_1h_cost_per_million_tokens: 6
            reasoning_cost_per_million_tokens: 16
            above_tokens:
              - threshold: 200000
                input_cost_per_million_tokens: 3
                output_cost_per_million_tokens: 15
                cached_input_cost_per_million_tokens: 0.3
                cache_write_cost_per_million_tokens: 7.5
                cache_write_1h_cost_per_million_tokens: 6
                reasoning_cost_per_million_tokens: 16

        """)
    #expect(
      found.warnings == [
        "'gemini/gemini-2.5-pro': not taken over, as nothing is billed by it: input_cost_per_audio_token"
      ])
  }

  @Test("the configuration takes what is written, at the same prices")
  func readBack() throws {
    let found = try selection(Self.map)
    #expect(found.entryCount == 6)
    let yaml = found.yaml.replacing("    model:", with: "    base_url: https://a.example/v1\n    model:")
    let providers = try Sample.decode("providers:\n" + yaml).providers
    #expect(providers.map(\.name) == ["openai", "gemini", "anthropic", "provider", "openai", "provider"])
    #expect(providers[0].prices.input == Money(picodollars: 150_000))
    #expect(providers[1].prices.tokens(forInput: 200_001).output == Money(picodollars: 15_000_000))
    #expect(providers[3].model == "us.anthropic.x-v1:0")
    #expect(providers[3].prices.requestFee == Money(picodollars: 5_000_000_000))
    #expect(providers[4].prices == Prices(input: Money(picodollars: 20_000), output: .zero))
    #expect(found.warnings.last == "'gifted': costs nothing, says the map; see whether it is so")
  }

  static let unusable: [(entry: String, piece: String)] = [
    ("7", "expected an object, found a number"), ("{}", "it has no price per token"),
    (#"{"output_cost_per_image":0.04,"mode":"image_generation"}"#, "it has no price per token"),
    (#"{"input_cost_per_token":1e-6}"#, "it has no output_cost_per_token"),
    (#"{"output_cost_per_token":1e-6}"#, "it has no input_cost_per_token"),
    (#"{"input_cost_per_token":1e-13,"output_cost_per_token":0}"#, "1e-13 is finer than the smallest step"),
    (#"{"input_cost_per_token":1.00000000000000001e-6,"output_cost_per_token":0}"#, "is finer than"),
    (#"{"input_cost_per_token":"1e-6","output_cost_per_token":0}"#, "must be a number, found a string"),
    (#"{"input_cost_per_token":-1,"output_cost_per_token":0}"#, "input_cost_per_token -1 is negative"),
    (
      #"{"input_cost_per_token":2.5,"output_cost_per_token":0}"#, "2.5 is above the usual 0.001 USD per token"
    ),
    (#"{"input_cost_per_token":1e99,"output_cost_per_token":0}"#, "1e99 is too large to be a price"),
    (
      #"{"input_cost_per_token":0,"output_cost_per_token":0,"input_cost_per_request":2}"#,
      "above the usual 1 USD per request"
    ),
    (
      #"{"input_cost_per_token":0,"output_cost_per_token":0,"input_cost_per_token_above_128k_tokens":1e-14}"#,
      "input_cost_per_token_above_128k_tokens 1e-14 is finer"
    ),
    (
      #"{"input_cost_per_token":1e-6,"output_cost_per_token":0,"cache_read_input_token_cost":{}}"#,
      "cache_read_input_token_cost must be a number, found an object"
    ),
  ]

  @Test("a model whose bill would be wrong is left out, with the reason", arguments: unusable)
  func leftOut(entry: String, piece: String) throws {
    let found = try selection(
      #"{"m":\#(entry),"good":{"input_cost_per_token":1e-6,"output_cost_per_token":0}}"#)
    #expect(found.entryCount == 1)
    #expect(!found.yaml.contains("model: m\n"))
    let isTold = found.warnings.contains { $0.hasPrefix("'m': left out: ") && $0.contains(piece) }
    #expect(isTold, "\(found.warnings)")
  }

  @Test("a name that no model has in the configuration is left out")
  func badName() throws {
    let found = try selection(#"{"a b":{"input_cost_per_token":1e-6,"output_cost_per_token":0}}"#)
    #expect((found.entryCount, found.yaml) == (0, ""))
    #expect(found.warnings == ["'a b': left out: the name is none that 'model:' takes"])
  }

  @Test(
    "what is no price map is a failure that says so",
    arguments: [
      ("", "'map.json' is not JSON: the text is empty"), ("{", "is not JSON: line 1, column 2"),
      ("[]", "'map.json' is no price map: expected an object of model names, found an array"),
      ("{\"a\":1}x", "only one JSON value is allowed"),
    ])
  func failure(text: String, piece: String) {
    #expect { try selection(text) } throws: { "\($0)".contains(piece) }
  }

  @Test("a pattern without a model is a failure with the nearest name")
  func noMatch() {
    #expect { try selection(Self.map, "gpt-4o-*", "gpt-4o-mimi") } throws: {
      "\($0)" == "no model of 'map.json' matches 'gpt-4o-mimi'; did you mean 'gpt-4o-mini'?"
    }
  }

  @Test("a file that cannot be read is a failure with its name")
  func noFile() {
    #expect { try PriceMap(path: "/nonexistent/map.json") } throws: {
      "\($0)" == "'/nonexistent/map.json': no such file"
    }
    #expect { try PriceMap(path: "/tmp") } throws: { "\($0)" == "'/tmp': is a folder, not a file" }
  }
}
