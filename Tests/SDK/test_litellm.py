"""LiteLLM as a client, through its OpenAI and its Anthropic form."""

import asyncio

import anthropic_replies
import litellm
import openai_replies as replies
import pytest
from gateway import check_books
from pydantic import BaseModel

MESSAGES = [{"role": "user", "content": "What is the capital of France?"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def ask(gateway, **more):
    return litellm.completion(
        model="openai/auto", api_base=gateway.openai_url, api_key="any", messages=MESSAGES, **more
    )


def test_a_question_is_answered_and_charged(serve):
    gateway, provider = serve(replies.answer())
    # The library leaves `user` out for models that it does not know.
    response = ask(gateway, extra_body={"user": "alice"})
    assert response.choices[0].message.content == replies.TEXT
    assert response.usage.total_tokens == 15
    assert provider.last.body["model"] == "first-model"
    check_books(gateway.line(), user="alice")


def test_a_stream_comes_piece_by_piece(serve):
    gateway, _ = serve(replies.stream())
    chunks = list(ask(gateway, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == replies.TEXT
    check_books(gateway.line(), stream=True)


def test_tools_are_called(serve):
    gateway, _ = serve(replies.answer(tool_calls=replies.TOOL_CALLS))
    calls = ask(gateway, tools=[WEATHER]).choices[0].message.tool_calls
    assert [call.function.arguments for call in calls] == ['{"city":"Paris"}', '{"city":"Rome"}']
    check_books(gateway.line())


@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
def test_its_anthropic_form_is_answered(serve, is_streaming):
    gateway, _ = serve(anthropic_replies.stream() if is_streaming else anthropic_replies.answer(), "anthropic")
    response = litellm.completion(
        model="anthropic/auto", api_base=gateway.url, api_key="any", messages=MESSAGES, stream=is_streaming
    )
    if is_streaming:
        text = "".join(chunk.choices[0].delta.content or "" for chunk in response)
    else:
        text = response.choices[0].message.content
    assert text == anthropic_replies.TEXT
    check_books(gateway.line(), surface="anthropic.messages", stream=is_streaming)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (replies.error(400, "too hot"), litellm.BadRequestError),
        (replies.error(429), litellm.RateLimitError),
        (replies.error(404, code="model_not_found"), litellm.NotFoundError),
        (replies.error(500), litellm.BadGatewayError),
    ],
    ids=lambda value: getattr(value, "status", ""),
)
def test_an_error_has_its_class_and_is_not_multiplied(serve, reply, kind):
    gateway, provider = serve(reply)
    with pytest.raises(kind):
        ask(gateway)
    assert len(provider.requests) == 1
    assert gateway.line()["status"] == "error"


def test_tools_in_a_stream(serve):
    gateway, _ = serve(replies.tool_stream())
    chunks = list(ask(gateway, tools=[WEATHER], stream=True))
    calls = litellm.stream_chunk_builder(chunks).choices[0].message.tool_calls
    assert [call.function.arguments for call in calls] == ['{"city":"Paris"}', '{"city":"Rome"}']
    check_books(gateway.line(), stream=True)


def test_asynchronous_calls(serve):
    gateway, _ = serve(replies.by_stream(replies.answer(), replies.stream()))
    arguments = {"model": "openai/auto", "api_base": gateway.openai_url, "api_key": "any", "messages": MESSAGES}

    async def both():
        whole = await litellm.acompletion(**arguments)
        stream = await litellm.acompletion(**arguments, stream=True)
        return whole, [chunk.choices[0].delta.content or "" async for chunk in stream]

    whole, pieces = asyncio.run(both())
    assert whole.choices[0].message.content == "".join(pieces) == replies.TEXT
    assert [line["status"] for line in gateway.ledger(2)] == ["success", "success"]


def test_structured_output(serve):
    class Capital(BaseModel):
        country: str
        capital: str

    gateway, provider = serve(replies.answer('{"country":"France","capital":"Paris"}'))
    response = ask(gateway, response_format=Capital)
    assert Capital.model_validate_json(response.choices[0].message.content).capital == "Paris"
    assert provider.last.body["response_format"]["type"] == "json_schema"
    check_books(gateway.line())


def test_embeddings(serve):
    gateway, provider = serve(replies.embeddings(2))
    response = litellm.embedding(
        model="openai/auto", api_base=gateway.openai_url, api_key="any", input=["one", "two"], encoding_format="float"
    )
    assert [entry["embedding"] for entry in response.data] == [[0.25, -0.5, 0], [0.25, -0.5, 1]]
    assert provider.last.body["input"] == ["one", "two"]
    assert gateway.line()["surface"] == "openai.embeddings"
