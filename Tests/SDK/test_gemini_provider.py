"""Providers of Gemini's kind, asked through the other vendors' libraries: what they are sent, and what comes back."""

import anthropic
import gemini_replies
import openai
import pytest
from gateway import PROVIDER_KEY, check_books

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
MESSAGES = [
    {"role": "user", "content": "Hello."},
    {"role": "assistant", "content": "Hello!"},
    {"role": "user", "content": "What is the capital of France?"},
]
CONTENTS = [
    {"role": "user", "parts": [{"text": "Hello."}]},
    {"role": "model", "parts": [{"text": "Hello!"}]},
    {"role": "user", "parts": [{"text": "What is the capital of France?"}]},
]


def by_path(request):
    return gemini_replies.stream() if ":stream" in request.path else gemini_replies.answer()


def openai_client(gateway):
    return openai.OpenAI(base_url=gateway.openai_url, api_key="any")


def test_openais_library_is_answered(serve):
    gateway, provider = serve(by_path, "gemini")
    response = openai_client(gateway).chat.completions.with_raw_response.create(
        model="auto",
        messages=[{"role": "system", "content": "Be brief."}, *MESSAGES],
        max_completion_tokens=50,
        temperature=0.25,
        stop=["END"],
    )
    completion = response.parse()
    assert completion.choices[0].message.content == gemini_replies.TEXT
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.total_tokens == 15
    assert provider.last.path == "/v1beta/models/first-model:generateContent"
    assert provider.last.headers["x-goog-api-key"] == PROVIDER_KEY
    assert provider.last.body["systemInstruction"] == {"parts": [{"text": "Be brief."}]}
    assert provider.last.body["contents"] == CONTENTS
    settings = provider.last.body["generationConfig"]
    assert (settings["maxOutputTokens"], settings["temperature"], settings["stopSequences"]) == (50, 0.25, ["END"])
    check_books(gateway.line(), response.headers, reasoning_tokens=2)


def test_openais_library_streams(serve):
    gateway, provider = serve(by_path, "gemini")
    chunks = list(openai_client(gateway).chat.completions.create(model="auto", messages=MESSAGES, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == gemini_replies.TEXT
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert provider.last.path == "/v1beta/models/first-model:streamGenerateContent?alt=sse"
    check_books(gateway.line(), stream=True)


def test_openais_library_calls_tools(serve):
    gateway, provider = serve(gemini_replies.tool_answer(), "gemini")
    function = {"name": "weather", "description": "The weather in a city.", "parameters": SCHEMA}
    completion = openai_client(gateway).chat.completions.create(
        model="auto", messages=MESSAGES, tools=[{"type": "function", "function": function}]
    )
    assert completion.choices[0].finish_reason == "tool_calls"
    call = completion.choices[0].message.tool_calls[0]
    assert (call.function.name, call.function.arguments) == ("weather", '{"city": "Paris"}')
    assert call.id
    declaration = provider.last.body["tools"][0]["functionDeclarations"][0]
    assert (declaration["name"], declaration["description"]) == ("weather", "The weather in a city.")
    check_books(gateway.line())


def test_anthropics_library_streams(serve):
    gateway, provider = serve(by_path, "gemini")
    client = anthropic.Anthropic(base_url=gateway.url, api_key="any")
    with client.messages.stream(model="auto", messages=MESSAGES, max_tokens=50) as stream:
        assert "".join(stream.text_stream) == gemini_replies.TEXT
        message = stream.get_final_message()
    assert (message.stop_reason, message.usage.output_tokens) == ("end_turn", 6)
    assert provider.last.body["contents"] == CONTENTS
    check_books(gateway.line(), surface="anthropic.messages", stream=True)


FAULTS = [
    (gemini_replies.error(500, "INTERNAL"), openai.InternalServerError),
    (gemini_replies.error(503, "UNAVAILABLE"), openai.InternalServerError),
    (gemini_replies.error(429, "RESOURCE_EXHAUSTED"), openai.RateLimitError),
    (gemini_replies.error(400, "INVALID_ARGUMENT", "too hot"), openai.BadRequestError),
]


@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(("reply", "kind"), FAULTS, ids=lambda value: getattr(value, "status", ""))
def test_what_the_provider_refuses_is_asked_once(serve, reply, kind, is_streaming):
    gateway, provider = serve(reply, "gemini")
    with pytest.raises(kind):
        openai_client(gateway).chat.completions.create(model="auto", messages=MESSAGES, stream=is_streaming)
    assert len(provider.requests) == 1
    assert gateway.line()["status"] == "error"
