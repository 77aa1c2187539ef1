"""Anthropic's own library, against providers of its own kind and of OpenAI's."""

import asyncio
import dataclasses
import threading

import anthropic
import anthropic_replies
import openai_replies
import pytest
from gateway import PROVIDER_KEY, check_books, entry

MESSAGES = [{"role": "user", "content": "What is the capital of France?"}]
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"name": "weather", "description": "The weather in a city.", "input_schema": SCHEMA}
SURFACE = "anthropic.messages"
# The kind of the provider, its answer, and its stream.
PROVIDERS = [
    ("anthropic", anthropic_replies.answer(), anthropic_replies.stream()),
    ("openai", openai_replies.answer(), openai_replies.stream()),
]
both_kinds = pytest.mark.parametrize(("kind", "whole", "streamed"), PROVIDERS, ids=["anthropic", "openai"])


def client(gateway, **options):
    """The library as an application sets it up: with its two retries."""
    return anthropic.Anthropic(**({"base_url": gateway.url, "api_key": "any"} | options))


def ask(gateway, **more):
    arguments = {"model": "auto", "messages": MESSAGES, "max_tokens": 50} | more
    return client(gateway).messages.create(**arguments)


@both_kinds
def test_a_question_is_answered_and_charged(serve, kind, whole, streamed):
    gateway, provider = serve(whole, kind)
    response = client(gateway).messages.with_raw_response.create(
        model="auto", messages=MESSAGES, max_tokens=50, system="Be brief.", metadata={"user_id": "alice"}
    )
    message = response.parse()
    assert message.content[0].text == anthropic_replies.TEXT
    assert message.stop_reason == "end_turn"
    assert (message.usage.input_tokens, message.usage.output_tokens) == (9, 6)
    check_books(gateway.line(), response.headers, surface=SURFACE, user="alice")
    assert provider.last.body["model"] == "first-model"
    assert provider.last.body["max_tokens"] == 50
    if kind == "anthropic":
        assert provider.last.path == "/v1/messages"
        assert provider.last.headers["x-api-key"] == PROVIDER_KEY
        assert provider.last.headers["anthropic-version"] == "2023-06-01"
        assert provider.last.body["system"] == "Be brief."
    else:
        assert provider.last.body["messages"] == [{"role": "system", "content": "Be brief."}, *MESSAGES]


@both_kinds
def test_a_stream_comes_piece_by_piece(serve, kind, whole, streamed):
    gateway, _ = serve(streamed, kind)
    with client(gateway).messages.stream(model="auto", messages=MESSAGES, max_tokens=50) as stream:
        texts = list(stream.text_stream)
        message = stream.get_final_message()
        headers = stream.response.headers
    assert texts == ["Paris", " is", " the", " capital", " of", " France."]
    assert message.content[0].text == anthropic_replies.TEXT
    assert message.stop_reason == "end_turn"
    assert message.usage.output_tokens == 6
    check_books(gateway.line(), headers, surface=SURFACE, stream=True)


@both_kinds
def test_events_have_their_names_and_their_order(serve, kind, whole, streamed):
    gateway, _ = serve(streamed, kind)
    names = [event.type for event in ask(gateway, stream=True) if event.type != "ping"]
    assert names[:2] == ["message_start", "content_block_start"]
    assert set(names[2:-3]) == {"content_block_delta"}
    assert names[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    check_books(gateway.line(), surface=SURFACE, stream=True)


@both_kinds
def test_the_asynchronous_client_is_answered_and_streams(make_provider, make_gateway, kind, whole, streamed):
    provider = make_provider(lambda request: streamed if request.body.get("stream") else whole)
    gateway = make_gateway(entry("first", provider.url, kind))

    async def both():
        async with anthropic.AsyncAnthropic(base_url=gateway.url, api_key="any") as client:
            arguments = {"model": "auto", "messages": MESSAGES, "max_tokens": 50}
            message = await client.messages.create(**arguments)
            async with client.messages.stream(**arguments) as stream:
                return message, [text async for text in stream.text_stream]

    message, texts = asyncio.run(both())
    assert message.content[0].text == "".join(texts) == anthropic_replies.TEXT
    lines = sorted(gateway.ledger(2), key=lambda line: line["stream"])
    check_books(lines[0], surface=SURFACE)
    check_books(lines[1], surface=SURFACE, stream=True)


DOCUMENT = {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}}


def test_a_document_goes_to_its_own_kind_as_it_is(serve):
    messages = [{"role": "user", "content": [DOCUMENT]}]
    gateway, provider = serve(anthropic_replies.answer(), "anthropic")
    ask(gateway, messages=messages)
    assert provider.last.body["messages"] == messages


@pytest.mark.parametrize("kind", ["openai", "gemini"])
def test_a_document_that_cannot_be_translated_is_refused_by_its_name(serve, kind):
    gateway, provider = serve(openai_replies.answer(), kind)
    with pytest.raises(anthropic.BadRequestError) as caught:
        ask(gateway, messages=[{"role": "user", "content": [DOCUMENT]}])
    assert "messages[0].content[0]" in caught.value.body["error"]["message"]
    assert provider.requests == []


TOOL_REPLIES = [
    ("anthropic", anthropic_replies.tool_answer(), anthropic_replies.tool_stream(), 1),
    ("openai", openai_replies.answer(tool_calls=openai_replies.TOOL_CALLS), openai_replies.tool_stream(), 2),
]


@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(("kind", "whole", "streamed", "count"), TOOL_REPLIES, ids=["anthropic", "openai"])
def test_tools_are_called(serve, kind, whole, streamed, count, is_streaming):
    gateway, provider = serve(streamed if is_streaming else whole, kind)
    arguments = {"model": "auto", "messages": MESSAGES, "max_tokens": 50, "tools": [WEATHER]}
    if is_streaming:
        with client(gateway).messages.stream(**arguments) as stream:
            message = stream.get_final_message()
    else:
        message = client(gateway).messages.create(**arguments)
    assert message.stop_reason == "tool_use"
    calls = [(block.name, block.input) for block in message.content if block.type == "tool_use"]
    assert calls == [("weather", {"city": "Paris"}), ("weather", {"city": "Rome"})][:count]
    tool = provider.last.body["tools"][0]
    assert (tool["input_schema"] if kind == "anthropic" else tool["function"]["parameters"]) == SCHEMA
    check_books(gateway.line(), surface=SURFACE, stream=is_streaming)


def test_the_results_of_tools_go_to_a_provider_of_openais_kind(serve):
    gateway, provider = serve(openai_replies.answer(), "openai")
    call = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Paris"}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "sunny"}
    turns = [{"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}]
    ask(gateway, messages=MESSAGES + turns, tools=[WEATHER])
    said = provider.last.body["messages"]
    assert said[1]["tool_calls"][0]["function"]["name"] == "weather"
    assert said[2] == {"role": "tool", "tool_call_id": "toolu_1", "content": "sunny"}
    check_books(gateway.line(), surface=SURFACE)


def test_thinking_passes_through(serve):
    reply = anthropic_replies.answer()
    thought = {"type": "thinking", "thinking": "France. Its capital…", "signature": "c2ln"}
    reply.body["content"].insert(0, thought)
    gateway, provider = serve(reply, "anthropic")
    message = ask(gateway, max_tokens=2_000, thinking={"type": "enabled", "budget_tokens": 1_024})
    assert message.content[0].thinking == "France. Its capital…"
    assert message.content[0].signature == "c2ln"
    assert provider.last.body["thinking"] == {"type": "enabled", "budget_tokens": 1_024}


def test_tokens_are_counted_without_asking_anybody(serve):
    gateway, provider = serve(anthropic_replies.answer(), "anthropic")
    short = client(gateway).messages.count_tokens(model="auto", messages=MESSAGES)
    long = client(gateway).messages.count_tokens(model="auto", messages=MESSAGES, system="Be brief. " * 50)
    assert 5 <= short.input_tokens <= 20
    assert long.input_tokens > short.input_tokens + 100
    assert provider.requests == []
    gateway.ledger(0)


PROVIDER_FAULTS = [
    (anthropic_replies.error(500, "api_error"), anthropic.InternalServerError, 502, "api_error"),
    (anthropic_replies.error(529, "overloaded_error"), anthropic.InternalServerError, 502, "api_error"),
    (anthropic_replies.error(401, "authentication_error"), anthropic.InternalServerError, 502, "api_error"),
    (anthropic_replies.error(429, "rate_limit_error"), anthropic.RateLimitError, 429, "rate_limit_error"),
    (anthropic_replies.error(404, "not_found_error"), anthropic.NotFoundError, 404, "not_found_error"),
    (
        anthropic_replies.error(400, "invalid_request_error", "max_tokens: too many"),
        anthropic.BadRequestError,
        400,
        "invalid_request_error",
    ),
]


@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(
    ("reply", "error", "status", "kind"), PROVIDER_FAULTS, ids=lambda value: getattr(value, "status", "")
)
def test_what_the_provider_refuses_is_asked_once(serve, reply, error, status, kind, is_streaming):
    gateway, provider = serve(reply, "anthropic")
    with pytest.raises(error) as caught:
        ask(gateway, stream=is_streaming)
    assert caught.value.status_code == status
    assert caught.value.body["error"]["type"] == kind
    assert caught.value.response.headers["x-should-retry"] == "false"
    assert len(provider.requests) == 1
    line = gateway.line()
    assert (line["status"], line["http_status"], line["attempts"]) == ("error", status, 1)


def test_a_wrong_request_reaches_nobody(serve):
    gateway, provider = serve(anthropic_replies.answer(), "anthropic")
    with pytest.raises(anthropic.BadRequestError) as caught:
        ask(gateway, messages=[])
    assert caught.value.body["error"]["type"] == "invalid_request_error"
    with pytest.raises(anthropic.NotFoundError):
        ask(gateway, model="nobody")
    assert provider.requests == []


def test_an_unknown_key_is_an_authentication_error(serve):
    gateway, provider = serve(
        anthropic_replies.answer(), "anthropic", sections="keys:\n  - {name: team, key: team-key-0123456789}\n"
    )
    with pytest.raises(anthropic.AuthenticationError) as caught:
        ask(gateway)
    assert caught.value.body["error"]["type"] == "authentication_error"
    assert provider.requests == []
    client(gateway, api_key="team-key-0123456789").messages.create(model="auto", messages=MESSAGES, max_tokens=50)
    check_books(gateway.line(), surface=SURFACE, key="team")


@pytest.mark.parametrize(
    ("kind", "reply"),
    [("anthropic", anthropic_replies.failing_stream()), ("openai", openai_replies.cut_stream())],
    ids=["anthropic", "openai"],
)
def test_a_stream_that_breaks_off_is_an_error(serve, kind, reply):
    gate = threading.Event()
    gateway, provider = serve(dataclasses.replace(reply, gate=gate), kind)
    with pytest.raises(anthropic.APIError) as caught:
        with client(gateway).messages.stream(model="auto", messages=MESSAGES, max_tokens=50) as stream:
            for _ in stream.text_stream:
                gate.set()
    assert "broke off" in caught.value.message or "broke off" in str(caught.value.body)
    assert len(provider.requests) == 1
    line = gateway.line()
    assert (line["status"], line["stream"]) == ("partial", True)


@both_kinds
def test_default_headers_tag_every_request(serve, kind, whole, streamed):
    gateway, _ = serve(whole, kind)
    tagged = client(gateway, default_headers={"x-tollgate-tags": "team=red"})
    tagged.messages.create(model="auto", messages=MESSAGES, max_tokens=50)
    assert gateway.line()["tags"] == {"team": "red"}
