import GatewayTypes
import JSON
import Providers
import Testing

@Suite("ChatRequest")
struct ChatRequestTests {
  @Test("reads every field of /generate")
  func everything() throws {
    let request = try request(
      """
      {"prompt":"Say \\"hi\\"","model":"smart","system":"Be brief.","max_tokens":16,"temperature":0.70,
       "preference":"cost","preferences":{"priority":"speed","max_cost_per_request":0.0010,"timeout_ms":2500},
       "user_id":"u1","tags":{"team":"red","x":"","team":"blue"},"stream":true,"optimize_prompt":true,
       "later":{"unknown":[1]}}
      """)
    #expect(request.model == "smart")
    #expect(request.system.flatMap { request.document.string($0) } == "Be brief.")
    #expect(request.maxTokens == 16)
    #expect(request.temperature.flatMap { request.document.double($0) } == 0.7)
    #expect(request.priority == .speed)
    #expect(request.maxCost == Money(picodollars: 1_000_000_000))
    #expect(request.timeout == .milliseconds(2500))
    #expect(request.userID == "u1")
    #expect(request.tags == [.init(name: "x", value: ""), .init(name: "team", value: "blue")])
    #expect(request.isStreaming)
    #expect(request.optimizesPrompt)
    #expect(text(request.lastUserText()) == "Say \"hi\"")
    #expect(request.inputSize.messageCount == 2)
    #expect(request.inputSize.characters.byteCount == 8 + 9)
  }

  @Test(
    "leaves open what is absent, null or empty",
    arguments: [
      #"{"prompt":"x"}"#, #"{"prompt":"x","messages":null,"user_id":"","model":"","tags":{}}"#,
      #"{"prompt":"x","model":null,"system":null,"max_tokens":null,"temperature":null,"preference":null}"#,
      #"{"prompt":"x","preferences":null,"stream":null,"tags":null,"optimize_prompt":false,"user_id":null}"#,
      #"{"prompt":"x","preferences":{"priority":null,"max_cost_per_request":null,"timeout_ms":null}}"#,
    ])
  func defaults(body: String) throws {
    let request = try request(body)
    #expect(request.model == "auto")
    #expect(request.system == nil)
    #expect(request.maxTokens == nil)
    #expect(request.temperature == nil)
    #expect(request.priority == nil)
    #expect(request.maxCost == nil)
    #expect(request.timeout == nil)
    #expect(request.userID == nil)
    #expect(request.tags == [])
    #expect(!request.isStreaming)
    #expect(!request.optimizesPrompt)
  }

  @Test(
    "reads a cost limit digit by digit",
    arguments: [
      ("0", 0), ("0.000000000001", 1), ("1e-12", 1), ("5E-7", 500_000),
      ("0.30000000000000004", 300_000_000_000),
      ("0.29999999999999999", 299_999_999_999), ("100", 100_000_000_000_000), ("-0", 0),
    ] as [(String, Int128)])
  func costLimit(number: String, picodollars: Int128) throws {
    let request = try request(#"{"prompt":"x","preferences":{"max_cost_per_request":\#(number)}}"#)
    #expect(request.maxCost == Money(picodollars: picodollars))
  }

  @Test("a body encoded twice is read as the object inside")
  func encodedTwice() throws {
    var writer = JSONWriter()
    writer.value(#"{"prompt":"Say \"hi\"\n","max_tokens":3}"#)
    let request = try request(text(writer.bytes))
    #expect(text(request.lastUserText()) == "Say \"hi\"\n")
    #expect(request.maxTokens == 3)
  }

  @Test(
    "finds the last text of the user's",
    arguments: [
      (#"[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]"#, "a"),
      (#"[{"role":"user","content":"a"},{"role":"user","content":"\u0062"}]"#, "b"),
      (
        #"[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"x"}},"#
          + #"{"type":"text","text":"b"}]}]"#, "a\nb"
      ),
      (#"[{"role":"system","content":"a"}]"#, ""),
      (#"[{"role":"assistant","content":null,"tool_calls":[{}]},{"role":"tool","content":"1"}]"#, ""),
    ])
  func lastUserText(messages: String, expected: String) throws {
    let request = try request(#"{"messages":\#(messages)}"#)
    #expect(text(request.lastUserText()) == expected)
  }

  @Test("counts what the model reads: texts decoded, other fields raw, an image as one")
  func inputSize() throws {
    let request = try request(
      #"{"system":"\u00e9","messages":[{"role":"user","content":[{"type":"text","text":"ab"},"#
        + #"{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAAAAAAAAAAAAAAAA"}}]},"#
        + #"{"role":"assistant","content":"漢","name":"bo"}]}"#)
    #expect(request.inputSize.messageCount == 3)
    #expect(request.inputSize.imageCount == 1)
    #expect(request.inputSize.characters.twoBytes == 1)
    #expect(request.inputSize.characters.threeBytes == 1)
    #expect(request.inputSize.characters.oneByte == 2 + 6 + 4)
  }

  @Test(
    "no text hides from the count behind a second key or beside an image",
    arguments: [
      #"{"role":"user","content":"\#(hidden)","content":"x"}"#,
      #"{"role":"\#(hidden)","role":"user","content":"x"}"#,
      #"{"role":"user","content":[{"type":"text","text":"\#(hidden)","text":"x"}]}"#,
      #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"},"text":"\#(hidden)"}]}"#,
      #"{"role":"user","content":[{"type":"file","file":{"file_data":"\#(hidden)"}}]}"#,
      #"{"role":"user","content":[{"type":"text","text":"x","other":"\#(hidden)"}]}"#,
      #"{"role":"assistant","content":null,"tool_calls":[{"function":{"arguments":"\#(hidden)"}}]}"#,
    ])
  func nothingHidden(message: String) throws {
    let size = try request(#"{"messages":[\#(message)]}"#).inputSize
    #expect(TokenEstimate.upperBound(of: size, tokensPerImage: 0) >= Self.hidden.count)
  }

  private static let hidden = String(repeating: "h", count: 5_000)

  @Test(
    "refuses a wrong field and names it",
    arguments: [
      ("{}", "prompt"), (#"{"prompt":null}"#, "prompt"), (#"{"prompt":""}"#, "prompt"),
      (#"{"prompt":" \n\t"}"#, "prompt"), (#"{"prompt":" \u00a0 "}"#, "prompt"), (#"{"prompt":1}"#, "prompt"),
      (#"{"prompt":["x"]}"#, "prompt"), (#"{"prompt":{"text":"x"}}"#, "prompt"),
      (#"{"prompt":"x","messages":[{"role":"user","content":"y"}]}"#, "prompt"),
      (#"{"messages":[]}"#, "messages"), (#"{"messages":"x"}"#, "messages"),
      (#"{"messages":{}}"#, "messages"),
      (#"{"messages":["x"]}"#, "messages[0]"), (#"{"messages":[null]}"#, "messages[0]"),
      (#"{"messages":[{}]}"#, "messages[0].role"), (#"{"messages":[{"content":"x"}]}"#, "messages[0].role"),
      (#"{"messages":[{"role":"robot","content":"x"}]}"#, "messages[0].role"),
      (#"{"messages":[{"role":1,"content":"x"}]}"#, "messages[0].role"),
      (#"{"messages":[{"role":"user"}]}"#, "messages[0].content"),
      (#"{"messages":[{"role":"user","content":null}]}"#, "messages[0].content"),
      (#"{"messages":[{"role":"user","content":7}]}"#, "messages[0].content"),
      (#"{"messages":[{"role":"user","content":[]}]}"#, "messages[0].content"),
      (#"{"messages":[{"role":"user","content":["x"]}]}"#, "messages[0].content[0]"),
      (#"{"messages":[{"role":"user","content":[{"type":"text"}]}]}"#, "messages[0].content[0].text"),
      (#"{"messages":[{"role":"user","content":"a"},{"role":"user","content":{}}]}"#, "messages[1].content"),
      (#"{"prompt":"x","preference":"cheap"}"#, "preference"),
      (#"{"prompt":"x","preference":1}"#, "preference"),
      (#"{"prompt":"x","preferences":"cost"}"#, "preferences"),
      (#"{"prompt":"x","preferences":[]}"#, "preferences"),
      (#"{"prompt":"x","preferences":{"priority":"COST"}}"#, "preferences.priority"),
      (#"{"prompt":"x","preferences":{"max_cost_per_request":-0.1}}"#, "preferences.max_cost_per_request"),
      (#"{"prompt":"x","preferences":{"max_cost_per_request":"1"}}"#, "preferences.max_cost_per_request"),
      (#"{"prompt":"x","preferences":{"max_cost_per_request":1e-13}}"#, "preferences.max_cost_per_request"),
      (#"{"prompt":"x","preferences":{"max_cost_per_request":1e99}}"#, "preferences.max_cost_per_request"),
      (#"{"prompt":"x","preferences":{"timeout_ms":0}}"#, "preferences.timeout_ms"),
      (#"{"prompt":"x","preferences":{"timeout_ms":-5}}"#, "preferences.timeout_ms"),
      (#"{"prompt":"x","preferences":{"timeout_ms":1.5}}"#, "preferences.timeout_ms"),
      (#"{"prompt":"x","preferences":{"timeout_ms":"5s"}}"#, "preferences.timeout_ms"),
      (#"{"prompt":"x","preferences":{"timeout_ms":99999999999}}"#, "preferences.timeout_ms"),
      (#"{"prompt":"x","max_tokens":0}"#, "max_tokens"), (#"{"prompt":"x","max_tokens":-1}"#, "max_tokens"),
      (#"{"prompt":"x","max_tokens":1.5}"#, "max_tokens"),
      (#"{"prompt":"x","max_tokens":"9"}"#, "max_tokens"),
      (#"{"prompt":"x","max_tokens":true}"#, "max_tokens"),
      (#"{"prompt":"x","max_tokens":1e30}"#, "max_tokens"),
      (#"{"prompt":"x","temperature":-0.1}"#, "temperature"),
      (#"{"prompt":"x","temperature":2.1}"#, "temperature"),
      (#"{"prompt":"x","temperature":"1"}"#, "temperature"),
      (#"{"prompt":"x","temperature":1e999}"#, "temperature"),
      (#"{"prompt":"x","system":1}"#, "system"), (#"{"prompt":"x","system":["a"]}"#, "system"),
      (#"{"prompt":"x","user_id":7}"#, "user_id"), (#"{"prompt":"x","model":7}"#, "model"),
      (#"{"prompt":"x","stream":"true"}"#, "stream"), (#"{"prompt":"x","stream":1}"#, "stream"),
      (#"{"prompt":"x","optimize_prompt":0}"#, "optimize_prompt"), (#"{"prompt":"x","tags":["a"]}"#, "tags"),
      (#"{"prompt":"x","tags":{"a":1}}"#, "tags.a"), (#"{"prompt":"x","tags":{"":"a"}}"#, "tags"),
    ])
  func wrongField(body: String, param: String) throws {
    let error = try #require(refusal(Array(body.utf8)))
    #expect(error.param == param)
    #expect(error.message.contains("`\(param.prefix { $0 != "." && $0 != "[" })"))
  }

  @Test(
    "refuses a body that is not an object, and says what it is",
    arguments: [
      "", "{", "[]", "1", "null", "\"x\"", "\"[1]\"", "\"\\\"{}\\\"\"", "{\"prompt\":\"x\"} x", "prompt=x",
    ])
  func notAnObject(body: String) throws {
    let error = try #require(refusal(Array(body.utf8)))
    #expect(error.param == nil)
    #expect(error.message.contains("JSON"))
  }

  @Test("refuses what is too long or too many")
  func tooLong() {
    func param(_ fields: String) -> String? { refusal(Array(#"{"prompt":"x",\#(fields)}"#.utf8))?.param }
    let long = String(repeating: "a", count: 257)
    #expect(param(#""user_id":"\#(long)""#) == "user_id")
    #expect(param(#""user_id":"\#(long.dropLast())""#) == nil)
    #expect(param(#""model":"\#(long)""#) == "model")
    #expect(param(#""tags":{"a":"\#(long)"}"#) == "tags.a")
    #expect(param(#""tags":{"\#(long)":"a"}"#) == "tags")
    func tags(_ count: Int) -> String { (0..<count).map { #""t\#($0)":"v""# }.joined(separator: ",") }
    #expect(param(#""tags":{\#(tags(32))}"#) == nil)
    #expect(param(#""tags":{\#(tags(33))}"#) == "tags")
  }

  @Test("messages say what was found and what to do")
  func messages() {
    #expect(refusal(Array(#"{"prompt":1}"#.utf8))?.message == "`prompt` must be a string, found a number")
    #expect(
      refusal(Array(#"{"prompt":"x","max_tokens":0}"#.utf8))?.message
        == "`max_tokens` must be a whole number from 1 to 100000000, found 0")
    #expect(
      refusal(Array(#"{"prompt" "x"}"#.utf8))?.message
        == "the body is not valid JSON: line 1, column 11: expected ':' after the key")
  }
}
