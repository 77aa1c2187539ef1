"""OpenAI's own library, sync and async, against providers of OpenAI's kind."""

import asyncio
import dataclasses
import threading
import time

import anthropic_replies
import openai
import openai_replies as replies
import pytest
from gateway import PROVIDER_KEY, check_books, entry
from pydantic import BaseModel

MESSAGES = [{"role": "user", "content": "What is the capital of France?"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
        "strict": True,
    },
}


def client(gateway, **options):
    """The library as an application sets it up: with its two retries."""
    return openai.OpenAI(**({"base_url": gateway.openai_url, "api_key": "any"} | options))


def ask(gateway, **more):
    return client(gateway).chat.completions.create(model="auto", messages=MESSAGES, **more)


def test_a_question_is_answered_and_charged(serve):
    gateway, provider = serve(replies.answer())
    response = client(gateway).chat.completions.with_raw_response.create(model="auto", messages=MESSAGES)
    completion = response.parse()
    assert completion.choices[0].message.content == replies.TEXT
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.total_tokens == 15
    check_books(gateway.line(), response.headers)
    assert provider.last.path == "/v1/chat/completions"
    assert provider.last.headers["authorization"] == f"Bearer {PROVIDER_KEY}"
    assert provider.last.body == {"model": "first-model", "messages": MESSAGES}


def test_options_reach_the_provider_as_they_are(serve):
    gateway, provider = serve(replies.answer())
    options = {
        "temperature": 0.25,
        "top_p": 0.5,
        "seed": 7,
        "stop": ["END"],
        "logprobs": True,
        "top_logprobs": 2,
        "max_completion_tokens": 100,
        "metadata": {"a": "b"},
        "service_tier": "flex",
        "user": "alice",
    }
    ask(gateway, **options, extra_body={"unheard_of": {"x": [1.0, 1e3]}})
    expected = {"model": "first-model", "messages": MESSAGES, "unheard_of": {"x": [1.0, 1e3]}}
    assert provider.last.body == expected | options
    check_books(gateway.line(), user="alice")


def test_an_image_reaches_the_provider(serve):
    gateway, provider = serve(replies.answer())
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    messages = [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, image]}]
    client(gateway).chat.completions.create(model="first", messages=messages)
    assert provider.last.body["messages"] == messages
    check_books(gateway.line())


def test_a_stream_comes_piece_by_piece(serve):
    gateway, provider = serve(replies.stream())
    with client(gateway).chat.completions.with_raw_response.create(
        model="auto", messages=MESSAGES, stream=True
    ).parse() as stream:
        chunks = list(stream)
        headers = stream.response.headers
    assert [chunk.choices[0].delta.content for chunk in chunks[1:-1]] == [
        "Paris", " is", " the", " capital", " of", " France.",
    ]  # fmt: skip
    assert chunks[-1].choices[0].finish_reason == "stop"
    # The gateway asks for the usage; the caller did not.
    assert provider.last.body["stream_options"] == {"include_usage": True}
    assert all(chunk.usage is None for chunk in chunks)
    check_books(gateway.line(), headers, stream=True)


def test_a_stream_ends_with_its_usage_for_who_asked_for_it(serve):
    gateway, _ = serve(replies.stream())
    chunks = list(ask(gateway, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].choices == []
    assert chunks[-1].usage.model_dump(exclude_none=True) == replies.USAGE
    check_books(gateway.line(), stream=True)


def test_the_streaming_helper_gathers_the_answer(serve):
    gateway, _ = serve(replies.stream())
    with client(gateway).chat.completions.stream(model="auto", messages=MESSAGES) as stream:
        texts = [event.delta for event in stream if event.type == "content.delta"]
        completion = stream.get_final_completion()
    assert "".join(texts) == completion.choices[0].message.content == replies.TEXT
    check_books(gateway.line(), stream=True)


def test_the_asynchronous_client_is_answered_and_streams(serve):
    gateway, _ = serve(replies.by_stream(replies.answer(), replies.stream()))

    async def both():
        async with openai.AsyncOpenAI(base_url=gateway.openai_url, api_key="any") as client:
            create = client.chat.completions.create
            whole, stream = await asyncio.gather(
                create(model="auto", messages=MESSAGES),
                create(model="auto", messages=MESSAGES, stream=True),
            )
            return whole, [chunk async for chunk in stream]

    whole, chunks = asyncio.run(both())
    assert whole.choices[0].message.content == replies.TEXT
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == replies.TEXT
    lines = sorted(gateway.ledger(2), key=lambda line: line["stream"])
    check_books(lines[0])
    check_books(lines[1], stream=True)


def test_tools_are_called(serve):
    gateway, provider = serve(replies.answer(tool_calls=replies.TOOL_CALLS))
    completion = ask(gateway, tools=[WEATHER], tool_choice="auto", parallel_tool_calls=True)
    assert completion.choices[0].finish_reason == "tool_calls"
    assert [call.model_dump() for call in completion.choices[0].message.tool_calls] == replies.TOOL_CALLS
    assert provider.last.body["tools"] == [WEATHER]
    assert provider.last.body["tool_choice"] == "auto"
    assert provider.last.body["parallel_tool_calls"] is True
    check_books(gateway.line())


def test_the_results_of_tools_go_back(serve):
    gateway, provider = serve(replies.answer())
    results = [{"role": "tool", "tool_call_id": call["id"], "content": "sunny"} for call in replies.TOOL_CALLS]
    messages = [*MESSAGES, {"role": "assistant", "content": None, "tool_calls": replies.TOOL_CALLS}, *results]
    client(gateway).chat.completions.create(model="auto", messages=messages, tools=[WEATHER])
    assert provider.last.body["messages"] == messages
    check_books(gateway.line())


def test_tool_calls_come_in_pieces(serve):
    gateway, _ = serve(replies.tool_stream())
    with client(gateway).chat.completions.stream(model="auto", messages=MESSAGES, tools=[WEATHER]) as stream:
        stream.until_done()
        message = stream.get_final_completion().choices[0].message
    calls = [(call.id, call.function.name, call.function.arguments) for call in message.tool_calls]
    assert calls == [
        ("call_1", "weather", '{"city":"Paris"}'),
        ("call_2", "weather", '{"city":"Rome"}'),
    ]
    check_books(gateway.line(), stream=True)


def test_structured_output_is_parsed(serve):
    class Capital(BaseModel):
        country: str
        capital: str

    gateway, provider = serve(replies.answer('{"country":"France","capital":"Paris"}'))
    completion = client(gateway).chat.completions.parse(model="auto", messages=MESSAGES, response_format=Capital)
    assert completion.choices[0].message.parsed == Capital(country="France", capital="Paris")
    form = provider.last.body["response_format"]
    assert form["type"] == "json_schema"
    assert form["json_schema"]["schema"]["properties"].keys() == {"country", "capital"}
    check_books(gateway.line())


def test_models_are_listed(serve):
    gateway, _ = serve(replies.answer(), sections="aliases: {fast: [first]}")
    assert [model.id for model in client(gateway).models.list()] == ["auto", "first-model", "first", "fast"]
    assert client(gateway).models.retrieve("first-model").owned_by == "first"
    with pytest.raises(openai.NotFoundError):
        client(gateway).models.retrieve("nobody")


@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
def test_several_answers_come_and_are_paid_for(serve, is_streaming):
    gateway, provider = serve(replies.by_stream(replies.two_answers(), replies.two_streams()))
    if is_streaming:
        texts = ["", ""]
        for chunk in ask(gateway, n=2, stream=True):
            for choice in chunk.choices:
                texts[choice.index] += choice.delta.content or ""
    else:
        texts = [choice.message.content for choice in ask(gateway, n=2).choices]
    assert texts == [replies.TEXT, "It is Paris."]
    assert provider.last.body["n"] == 2
    check_books(gateway.line(), stream=is_streaming)


def test_the_asynchronous_client_calls_tools_embeds_parses_and_has_errors(make_provider, make_gateway):
    class Capital(BaseModel):
        capital: str

    def reply(request):
        if request.path.endswith("/embeddings"):
            return replies.embeddings()
        if "tools" in request.body:
            return replies.answer(tool_calls=replies.TOOL_CALLS)
        return replies.answer('{"capital":"Paris"}') if "response_format" in request.body else replies.error(429)

    gateway = make_gateway(entry("first", make_provider(reply).url))

    async def everything():
        async with openai.AsyncOpenAI(base_url=gateway.openai_url, api_key="any") as client:
            chat = client.chat.completions
            tools = await chat.create(model="auto", messages=MESSAGES, tools=[WEATHER])
            vectors = await client.embeddings.create(model="auto", input="one", encoding_format="float")
            parsed = await chat.parse(model="auto", messages=MESSAGES, response_format=Capital)
            with pytest.raises(openai.RateLimitError):
                await chat.create(model="auto", messages=MESSAGES)
            return tools, vectors, parsed

    tools, vectors, parsed = asyncio.run(everything())
    assert [call.id for call in tools.choices[0].message.tool_calls] == ["call_1", "call_2"]
    assert vectors.data[0].embedding == [0.25, -0.5, 0]
    assert parsed.choices[0].message.parsed == Capital(capital="Paris")
    assert [line["status"] for line in gateway.ledger(4)] == ["success", "success", "success", "error"]


# What another vendor's provider has no words for is a refusal that names the field.

AUDIO = {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}
DOCUMENT = {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}}
UNTRANSLATABLE = [
    ({"n": 2}, "n"),
    ({"logprobs": True}, "logprobs"),
    ({"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}, "audio"),
    ({"messages": [{"role": "user", "content": [AUDIO]}]}, "messages[0].content[0].type"),
    ({"messages": [{"role": "user", "content": [DOCUMENT]}]}, "messages[0].content[0].type"),
]


@pytest.mark.parametrize("kind", ["anthropic", "gemini"])
@pytest.mark.parametrize(("more", "param"), UNTRANSLATABLE, ids=["n", "logprobs", "audio", "audio in", "file"])
def test_what_cannot_be_translated_is_refused_by_its_name(serve, kind, more, param):
    gateway, provider = serve(anthropic_replies.answer(), kind=kind)
    with pytest.raises(openai.BadRequestError) as caught:
        client(gateway).chat.completions.create(**({"model": "auto", "messages": MESSAGES} | more))
    assert caught.value.param == param
    assert provider.requests == []


@pytest.mark.parametrize("part", [AUDIO, DOCUMENT], ids=["audio", "file"])
def test_a_provider_that_can_take_it_is_asked_instead(make_provider, make_gateway, part):
    first, second = make_provider(anthropic_replies.answer()), make_provider(replies.answer())
    gateway = make_gateway(entry("first", first.url, "anthropic"), entry("second", second.url))
    messages = [{"role": "user", "content": [part]}]
    client(gateway).chat.completions.create(model="auto", messages=messages)
    assert (len(first.requests), second.last.body["messages"]) == (0, messages)
    assert gateway.line()["provider"] == "second"


# Errors. The library tries twice more by itself where it may; the gateway has tried already and says so.

PROVIDER_FAULTS = [
    (replies.error(500), openai.InternalServerError, 502),
    (replies.error(503), openai.InternalServerError, 502),
    (replies.error(401), openai.InternalServerError, 502),
    (replies.error(408), openai.InternalServerError, 502),
    (replies.error(409), openai.InternalServerError, 502),
    (replies.error(429), openai.RateLimitError, 429),
    (replies.error(404, code="model_not_found"), openai.NotFoundError, 404),
    (replies.error(400, "temperature is too hot"), openai.BadRequestError, 400),
    (replies.error(422, "temperature is too hot"), openai.BadRequestError, 400),
]


@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(("reply", "kind", "status"), PROVIDER_FAULTS, ids=lambda value: getattr(value, "status", ""))
def test_what_the_provider_refuses_is_asked_once(serve, reply, kind, status, is_streaming):
    gateway, provider = serve(reply)
    with pytest.raises(kind) as caught:
        ask(gateway, stream=is_streaming)
    assert caught.value.status_code == status
    assert caught.value.response.headers["x-should-retry"] == "false"
    assert caught.value.request_id == caught.value.body["request_id"]
    if kind is openai.BadRequestError:
        assert "temperature is too hot" in caught.value.message
    assert len(provider.requests) == 1
    line = gateway.line()
    assert (line["status"], line["http_status"], line["attempts"]) == ("error", status, 1)


def test_the_library_would_ask_thrice_if_it_were_not_told(make_provider):
    provider = make_provider(replies.error(500))
    with pytest.raises(openai.InternalServerError):
        openai.OpenAI(base_url=f"{provider.url}/v1", api_key="any").chat.completions.create(
            model="auto", messages=MESSAGES
        )
    assert len(provider.requests) == 3


def answer_late(request):
    """A second is longer than any of these gateways waits."""
    time.sleep(1)
    return replies.answer()


def test_a_provider_that_is_slow_costs_one_attempt(serve):
    gateway, provider = serve(answer_late, timeout="200ms")
    with pytest.raises(openai.InternalServerError):
        ask(gateway)
    assert len(provider.requests) == 1
    assert gateway.line()["status"] == "error"


def test_the_deadline_is_504(serve):
    gateway, provider = serve(answer_late, sections="routing: {timeout: 200ms}")
    with pytest.raises(openai.InternalServerError) as caught:
        ask(gateway)
    assert (caught.value.status_code, caught.value.code) == (504, "timeout")
    assert len(provider.requests) == 1
    assert gateway.line()["http_status"] == 504


CALLERS_FAULTS = [
    ({"model": "nobody", "messages": MESSAGES}, openai.NotFoundError, "model_not_found"),
    ({"model": "auto", "messages": []}, openai.BadRequestError, "invalid_request"),
    ({"model": "auto", "messages": "Hello"}, openai.BadRequestError, "invalid_request"),
    ({"model": "auto", "messages": MESSAGES, "max_tokens": -1}, openai.BadRequestError, "invalid_request"),
    ({"model": "auto", "messages": MESSAGES, "stream": "yes"}, openai.BadRequestError, "invalid_request"),
]


@pytest.mark.parametrize(("body", "kind", "code"), CALLERS_FAULTS)
def test_a_wrong_request_reaches_nobody(serve, body, kind, code):
    gateway, provider = serve(replies.answer())
    with pytest.raises(kind) as caught:
        client(gateway).chat.completions.create(**body)
    assert caught.value.code == code
    assert caught.value.type == "invalid_request_error"
    assert provider.requests == []


KEYS = "keys:\n  - {name: team, key: team-key-0123456789, models: [first]}\n"


def test_an_unknown_key_is_an_authentication_error(serve):
    gateway, provider = serve(replies.answer(), sections=KEYS)
    with pytest.raises(openai.AuthenticationError) as caught:
        ask(gateway)
    assert caught.value.code == "invalid_api_key"
    assert provider.requests == []


def test_a_model_that_the_key_may_not_use_is_a_permission_error(serve, make_provider, make_gateway):
    first, second = make_provider(replies.answer()), make_provider(replies.answer())
    gateway = make_gateway(entry("first", first.url), entry("second", second.url), sections=KEYS)
    mine = client(gateway, api_key="team-key-0123456789")
    with pytest.raises(openai.PermissionDeniedError):
        mine.chat.completions.create(model="second", messages=MESSAGES)
    mine.chat.completions.create(model="first", messages=MESSAGES)
    assert (len(first.requests), len(second.requests)) == (1, 0)
    assert [line["key"] for line in gateway.ledger(2)] == ["team", "team"]


def test_a_budget_that_is_used_up_is_402_and_not_tried_again(serve):
    gateway, provider = serve(replies.answer(), sections="budgets: {per_user_usd: 0.000001}")
    with pytest.raises(openai.APIStatusError) as caught:
        ask(gateway, user="alice")
    assert (caught.value.status_code, caught.value.code) == (402, "budget_exceeded")
    assert caught.value.type == "insufficient_quota"
    assert provider.requests == []
    gateway.ledger(1)


@pytest.mark.parametrize("reply", [replies.cut_stream(), replies.failing_stream()], ids=["cut", "error event"])
def test_a_stream_that_breaks_off_is_an_error(serve, reply):
    gate = threading.Event()
    gateway, provider = serve(dataclasses.replace(reply, gate=gate))
    texts = []
    with pytest.raises(openai.APIError) as caught:
        for chunk in ask(gateway, stream=True):
            gate.set()
            texts.append(chunk.choices[0].delta.content)
    assert "".join(filter(None, texts)) == "Paris is the"
    assert caught.value.code == "stream_interrupted"
    assert len(provider.requests) == 1
    line = gateway.line()
    assert (line["status"], line["estimated"], line["stream"]) == ("partial", True, True)


def test_the_next_provider_answers_unseen(make_provider, make_gateway):
    first = make_provider(replies.error(500))
    second = make_provider(replies.by_stream(replies.answer(), replies.stream()))
    # The first one's failures do not change the order.
    penalty = "routing: {penalty: {threshold: 1}}"
    gateway = make_gateway(entry("first", first.url), entry("second", second.url), sections=penalty)
    assert ask(gateway).choices[0].message.content == replies.TEXT
    assert "".join(chunk.choices[0].delta.content or "" for chunk in ask(gateway, stream=True)) == replies.TEXT
    for line, is_streaming in zip(gateway.ledger(2), [False, True]):
        check_books(line, provider="second", attempts=2, fallbacks=["first"], stream=is_streaming)


def test_a_provider_of_anthropics_kind_answers(serve):
    gateway, provider = serve(
        lambda request: anthropic_replies.stream() if request.body.get("stream") else anthropic_replies.answer(),
        kind="anthropic",
    )
    messages = [{"role": "system", "content": "Be brief."}, *MESSAGES]
    create = client(gateway).chat.completions.create
    completion = create(model="auto", messages=messages, max_completion_tokens=50)
    assert completion.choices[0].message.content == anthropic_replies.TEXT
    assert completion.usage.total_tokens == 15
    chunks = list(create(model="auto", messages=messages, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == anthropic_replies.TEXT
    assert provider.requests[0].body["max_tokens"] == 50
    assert provider.requests[0].headers["x-api-key"] == PROVIDER_KEY
    lines = gateway.ledger(2)
    check_books(lines[0])
    check_books(lines[1], stream=True)


def test_tools_are_called_at_a_provider_of_anthropics_kind(serve):
    gateway, provider = serve(anthropic_replies.tool_stream(), kind="anthropic")
    with client(gateway).chat.completions.stream(model="auto", messages=MESSAGES, tools=[WEATHER]) as stream:
        stream.until_done()
        call = stream.get_final_completion().choices[0].message.tool_calls[0]
    assert (call.function.name, call.function.parsed_arguments) == ("weather", {"city": "Paris"})
    assert provider.last.body["tools"][0]["input_schema"] == WEATHER["function"]["parameters"]
    check_books(gateway.line(), stream=True)


def test_default_headers_tag_every_request(serve):
    gateway, provider = serve(replies.answer(), sections="budgets: {tags: {team=blue: 0}}")
    red = client(gateway, default_headers={"x-tollgate-tags": "team=red,env=prod"})
    red.chat.completions.create(model="auto", messages=MESSAGES)
    assert gateway.line()["tags"] == {"team": "red", "env": "prod"}
    assert "x-tollgate-tags" not in provider.last.headers
    blue = red.with_options(default_headers={"x-tollgate-tags": "team=blue"})
    with pytest.raises(openai.APIStatusError) as refused:
        blue.chat.completions.create(model="auto", messages=MESSAGES)
    assert refused.value.status_code == 402


def test_one_tool_at_a_time_is_said_in_anthropics_words(serve):
    gateway, provider = serve(anthropic_replies.tool_answer(), kind="anthropic")
    ask(gateway, tools=[WEATHER], parallel_tool_calls=False, metadata={"a": "b"}, service_tier="auto", user="alice")
    assert provider.last.body["tool_choice"] == {"type": "auto", "disable_parallel_tool_use": True}
    assert gateway.line()["user"] == "alice"


def test_a_stream_from_anthropic_ends_with_its_usage_for_who_asked_for_it(serve):
    gateway, _ = serve(anthropic_replies.stream(), kind="anthropic")
    chunks = list(ask(gateway, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].choices == []
    assert (chunks[-1].usage.prompt_tokens, chunks[-1].usage.completion_tokens) == (9, 6)
    assert all(chunk.usage is None for chunk in chunks[:-1])
    check_books(gateway.line(), stream=True)
