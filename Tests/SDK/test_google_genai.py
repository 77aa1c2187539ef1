"""What a provider of Gemini's kind is sent, held against what Google's own library sends for the same request.

The library also reads every answer that these tests give, so that the answers are Gemini's too.
"""

import re

import gemini_replies
import openai
import pytest
from gateway import check_books, entry
from google import genai
from google.genai import errors, types

MODEL = "gemini-2.5-flash"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
# What is the caller's own inside a request; everything else is the protocol's.
OPAQUE = {"args", "response", "parametersJsonSchema", "responseJsonSchema"}


def normal(value):
    """A body with the protocol's names in one spelling: both are accepted, and the library mixes them."""
    if isinstance(value, list):
        return [normal(element) for element in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for name, member in value.items():
        name = re.sub("_([a-z])", lambda match: match[1].upper(), name)
        result[name] = member if name in OPAQUE else normal(member)
    return result


def by_path(request):
    return gemini_replies.stream() if ":stream" in request.path else gemini_replies.answer()


@pytest.fixture
def both(make_provider, make_gateway):
    """Google's client before a provider, and OpenAI's before the gateway before another; and both providers."""
    theirs, ours = make_provider(by_path), make_provider(by_path)
    gateway = make_gateway(entry("first", ours.url, "gemini", model=MODEL))
    options = types.HttpOptions(base_url=theirs.url, api_version="v1beta")
    google = genai.Client(api_key="any", http_options=options)
    return google, openai.OpenAI(base_url=gateway.openai_url, api_key="any"), theirs, ours, gateway


def compare(theirs, ours):
    assert ours.last.path == theirs.last.path
    assert ours.last.headers["content-type"] == theirs.last.headers["content-type"]
    assert "x-goog-api-key" in ours.last.headers and "x-goog-api-key" in theirs.last.headers
    expected = normal(theirs.last.body)
    # The library gives the instruction a role, which has no meaning there.
    expected.get("systemInstruction", {}).pop("role", None)
    found = ours.last.body
    # An empty object says what none says.
    assert {"generationConfig": {}} | found == {"generationConfig": {}} | expected


@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
def test_a_conversation_with_options(both, is_streaming):
    google, client, theirs, ours, gateway = both
    contents = [
        types.Content(role="user", parts=[types.Part(text="Hello.")]),
        types.Content(role="model", parts=[types.Part(text="Hello!")]),
        types.Content(role="user", parts=[types.Part(text="What is the capital of France?")]),
    ]
    config = types.GenerateContentConfig(
        system_instruction="Be brief.",
        max_output_tokens=50,
        temperature=0.25,
        top_p=0.5,
        seed=7,
        stop_sequences=["END", "STOP"],
        presence_penalty=0.5,
        frequency_penalty=0.25,
    )
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello."},
        {"role": "assistant", "content": "Hello!"},
        {"role": "user", "content": "What is the capital of France?"},
    ]
    options = {
        "max_completion_tokens": 50,
        "temperature": 0.25,
        "top_p": 0.5,
        "seed": 7,
        "stop": ["END", "STOP"],
        "presence_penalty": 0.5,
        "frequency_penalty": 0.25,
    }
    if is_streaming:
        pieces = google.models.generate_content_stream(model=MODEL, contents=contents, config=config)
        text = "".join(piece.text for piece in pieces)
        chunks = client.chat.completions.create(model="auto", messages=messages, stream=True, **options)
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == text
    else:
        answer = google.models.generate_content(model=MODEL, contents=contents, config=config)
        completion = client.chat.completions.create(model="auto", messages=messages, **options)
        assert completion.choices[0].message.content == answer.text
        assert completion.usage.total_tokens == answer.usage_metadata.total_token_count
    compare(theirs, ours)
    check_books(gateway.line(), stream=is_streaming, model=MODEL)


def test_tools_their_results_and_an_image(both):
    google, client, theirs, ours, gateway = both
    function = types.FunctionDeclaration(
        name="weather", description="The weather in a city.", parameters_json_schema=SCHEMA
    )
    call = types.FunctionCall(id="call_1", name="weather", args={"city": "Paris"})
    result = types.FunctionResponse(id="call_1", name="weather", response={"output": "sunny"})
    google.models.generate_content(
        model=MODEL,
        contents=[
            types.Content(role="user", parts=[types.Part(text="How is the weather?")]),
            types.Content(role="model", parts=[types.Part(function_call=call)]),
            types.Content(
                role="user",
                parts=[
                    types.Part(function_response=result),
                    types.Part(text="And here?"),
                    types.Part(inline_data=types.Blob(data=b"abc", mime_type="image/png")),
                ],
            ),
        ],
        config=types.GenerateContentConfig(
            tools=[types.Tool(function_declarations=[function])],
            tool_config=types.ToolConfig(
                function_calling_config=types.FunctionCallingConfig(mode="ANY", allowed_function_names=["weather"])
            ),
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        ),
    )
    call = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Paris"}'}}
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,YWJj"}}
    client.chat.completions.create(
        model="auto",
        messages=[
            {"role": "user", "content": "How is the weather?"},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "call_1", "content": "sunny"},
            {"role": "user", "content": [{"type": "text", "text": "And here?"}, image]},
        ],
        tools=[
            {
                "type": "function",
                "function": {"name": "weather", "description": "The weather in a city.", "parameters": SCHEMA},
            }
        ],
        tool_choice={"type": "function", "function": {"name": "weather"}},
    )
    compare(theirs, ours)
    assert gateway.line()["status"] == "success"


def test_an_answer_by_a_schema(both):
    google, client, theirs, ours, _ = both
    google.models.generate_content(
        model=MODEL,
        contents="Where?",
        config=types.GenerateContentConfig(response_mime_type="application/json", response_json_schema=SCHEMA),
    )
    client.chat.completions.create(
        model="auto",
        messages=[{"role": "user", "content": "Where?"}],
        response_format={"type": "json_schema", "json_schema": {"name": "place", "schema": SCHEMA}},
    )
    compare(theirs, ours)


def test_tool_answers_and_errors_are_geminis(make_provider):
    def client(reply):
        options = types.HttpOptions(
            base_url=make_provider(reply).url, retry_options=types.HttpRetryOptions(attempts=1)
        )
        return genai.Client(api_key="any", http_options=options)

    calling = client(gemini_replies.tool_answer())
    answer = calling.models.generate_content(model=MODEL, contents="Hello.")
    assert (answer.function_calls[0].name, answer.function_calls[0].args) == ("weather", {"city": "Paris"})
    failing = client(gemini_replies.error(429, "RESOURCE_EXHAUSTED"))
    with pytest.raises(errors.ClientError) as caught:
        failing.models.generate_content(model=MODEL, contents="Hello.")
    assert caught.value.status == "RESOURCE_EXHAUSTED"
