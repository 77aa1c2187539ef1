"""OpenAI's own library on the paths beside chat: completions, embeddings, responses."""

import anthropic_replies
import gemini_replies
import openai
import openai_replies as replies
import pytest
from gateway import check_books

QUESTION = "What is the capital of France?"
WEATHER = {
    "type": "function",
    "name": "weather",
    "description": "The weather in a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}


def client(gateway):
    return openai.OpenAI(base_url=gateway.openai_url, api_key="any")


def by_chat(whole, streamed):
    """A provider of OpenAI's kind that knows chat alone, as most do: 404 for every other path."""
    chat = replies.by_stream(whole, streamed)
    return lambda request: chat(request) if request.path.endswith("/chat/completions") else replies.error(404)


def test_a_text_is_completed(serve):
    gateway, provider = serve(replies.completion())
    response = client(gateway).completions.with_raw_response.create(model="auto", prompt=QUESTION, max_tokens=20)
    assert response.parse().choices[0].text == replies.TEXT
    assert provider.last.path == "/v1/completions"
    assert provider.last.body == {"model": "first-model", "prompt": QUESTION, "max_tokens": 20}
    check_books(gateway.line(), response.headers, surface="openai.completions")


def test_a_completion_streams(serve):
    gateway, _ = serve(replies.completion_stream())
    chunks = list(client(gateway).completions.create(model="auto", prompt=QUESTION, stream=True))
    assert "".join(chunk.choices[0].text for chunk in chunks) == replies.TEXT
    check_books(gateway.line(), surface="openai.completions", stream=True)


@pytest.mark.parametrize("texts", [["one"], ["one", "two", "three"]], ids=len)
def test_texts_are_embedded(serve, texts):
    gateway, provider = serve(replies.embeddings(len(texts)))
    response = client(gateway).embeddings.with_raw_response.create(
        model="auto", input=texts, encoding_format="float", dimensions=3
    )
    vectors = [entry.embedding for entry in response.parse().data]
    assert vectors == [[0.25, -0.5, index] for index in range(len(texts))]
    assert provider.last.path == "/v1/embeddings"
    expected = {"model": "first-model", "input": texts, "encoding_format": "float", "dimensions": 3}
    assert provider.last.body == expected
    # 15 × 1.10 USD per million.
    counts = {"prompt_tokens": 15, "completion_tokens": 0, "cost": "0.0000165"}
    check_books(gateway.line(), response.headers, surface="openai.embeddings", **counts)


def test_embeddings_are_asked_for_in_base64_where_the_library_likes(serve):
    gateway, provider = serve(replies.embeddings())
    assert client(gateway).embeddings.create(model="auto", input="one").data[0].embedding == [0.25, -0.5, 0]
    assert provider.last.body["encoding_format"] == "base64"


def test_a_response_is_made_from_a_chat(serve):
    gateway, provider = serve(by_chat(replies.answer(), replies.stream()))
    response = client(gateway).responses.create(model="auto", input=QUESTION, instructions="Be brief.")
    assert response.output_text == replies.TEXT
    assert response.status == "completed"
    assert (response.usage.input_tokens, response.usage.output_tokens) == (9, 6)
    assert [message["content"] for message in provider.last.body["messages"]] == ["Be brief.", QUESTION]
    check_books(gateway.line(), surface="openai.responses")


def test_a_response_streams_from_a_chat(serve):
    gateway, _ = serve(by_chat(replies.answer(), replies.stream()))
    with client(gateway).responses.stream(model="auto", input=QUESTION) as stream:
        texts = [event.delta for event in stream if event.type == "response.output_text.delta"]
        response = stream.get_final_response()
    assert texts == ["Paris", " is", " the", " capital", " of", " France."]
    assert response.output_text == replies.TEXT
    check_books(gateway.line(), surface="openai.responses", stream=True)


@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
def test_a_response_calls_tools(serve, is_streaming):
    reply = by_chat(replies.answer(tool_calls=replies.TOOL_CALLS), replies.tool_stream())
    gateway, _ = serve(reply)
    arguments = {"model": "auto", "input": QUESTION, "tools": [WEATHER]}
    if is_streaming:
        with client(gateway).responses.stream(**arguments) as stream:
            response = stream.until_done().get_final_response()
    else:
        response = client(gateway).responses.create(**arguments)
    calls = [(item.name, item.arguments) for item in response.output if item.type == "function_call"]
    assert calls == [("weather", '{"city":"Paris"}'), ("weather", '{"city":"Rome"}')]
    assert gateway.line()["status"] == "success"


@pytest.mark.parametrize("kind", ["anthropic", "gemini"])
def test_a_response_is_made_by_another_vendors_provider(serve, kind):
    gateway, _ = serve({"anthropic": anthropic_replies, "gemini": gemini_replies}[kind].answer(), kind)
    response = client(gateway).responses.create(model="auto", input=QUESTION)
    assert response.output_text == replies.TEXT
    check_books(gateway.line(), surface="openai.responses")


@pytest.mark.parametrize(("status", "kind"), [(500, openai.InternalServerError), (429, openai.RateLimitError)])
@pytest.mark.parametrize("path", ["completions", "embeddings", "responses"])
def test_what_the_provider_refuses_is_asked_once(serve, path, status, kind):
    gateway, provider = serve(replies.error(status))
    argument = {"prompt": QUESTION} if path == "completions" else {"input": QUESTION}
    with pytest.raises(kind) as caught:
        getattr(client(gateway), path).create(model="auto", **argument)
    assert caught.value.response.headers["x-should-retry"] == "false"
    assert len(provider.requests) == 1
    assert gateway.line()["status"] == "error"


def test_a_provider_that_cannot_embed_is_not_asked(serve):
    gateway, provider = serve(anthropic_replies.answer(), "anthropic")
    with pytest.raises(openai.BadRequestError):
        client(gateway).embeddings.create(model="auto", input="one")
    assert provider.requests == []
