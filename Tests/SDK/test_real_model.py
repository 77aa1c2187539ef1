"""Every client against a real, small model. What it says is its own affair; that it says something is ours."""

import asyncio
import json

import anthropic
import litellm
import openai
import pytest
from gateway import entry
from langchain_openai import ChatOpenAI

pytestmark = pytest.mark.real_model

QUESTION = "What is the capital of France?"
MESSAGES = [{"role": "user", "content": QUESTION}]


@pytest.fixture
def gateway(real_model, make_gateway):
    limits = {"model": "gemma-3-270m", "timeout": "120s", "context_window": 2048, "max_output_tokens": 32}
    return make_gateway(entry("gemma", real_model, **limits), sections="routing: {timeout: 120s}")


def check(gateway, text, is_streaming):
    assert text.strip()
    line = gateway.line()
    assert (line["status"], line["provider"], line["stream"]) == ("success", "gemma", is_streaming)
    assert line["estimated"] is False
    assert line["prompt_tokens"] > 0 and line["completion_tokens"] > 0
    # Integers: no cent of it is rounded.
    picodollars = line["prompt_tokens"] * 1_100_000 + line["completion_tokens"] * 2_300_000
    whole, _, fraction = line["cost_usd"].partition(".")
    assert int(whole + fraction.ljust(12, "0")) == picodollars


def test_openai(gateway):
    client = openai.OpenAI(base_url=gateway.openai_url, api_key="any")
    completion = client.chat.completions.create(model="auto", messages=MESSAGES, max_tokens=24)
    check(gateway, completion.choices[0].message.content, is_streaming=False)
    assert completion.usage.completion_tokens == gateway.line()["completion_tokens"] <= 24


def test_openai_streamed(gateway):
    client = openai.OpenAI(base_url=gateway.openai_url, api_key="any")
    chunks = list(client.chat.completions.create(model="auto", messages=MESSAGES, max_tokens=24, stream=True))
    assert len(chunks) > 2
    check(gateway, "".join(chunk.choices[0].delta.content or "" for chunk in chunks), is_streaming=True)


def test_openai_structured(gateway):
    client = openai.OpenAI(base_url=gateway.openai_url, api_key="any")
    capitals = ["Paris", "London", "Rome"]
    schema = {"name": "capital", "schema": {"type": "string", "enum": capitals}}
    completion = client.chat.completions.create(
        model="auto",
        messages=MESSAGES,
        max_tokens=24,
        response_format={"type": "json_schema", "json_schema": schema},
    )
    assert json.loads(completion.choices[0].message.content) in capitals
    check(gateway, completion.choices[0].message.content, is_streaming=False)


def test_openai_asynchronous(gateway):
    async def texts():
        async with openai.AsyncOpenAI(base_url=gateway.openai_url, api_key="any") as client:
            stream = await client.chat.completions.create(
                model="auto", messages=MESSAGES, max_tokens=24, stream=True
            )
            return [chunk.choices[0].delta.content or "" async for chunk in stream]

    check(gateway, "".join(asyncio.run(texts())), is_streaming=True)


def test_openai_response(gateway):
    client = openai.OpenAI(base_url=gateway.openai_url, api_key="any")
    response = client.responses.create(model="auto", input=QUESTION, max_output_tokens=24)
    check(gateway, response.output_text, is_streaming=False)


def test_openai_response_streamed(gateway):
    client = openai.OpenAI(base_url=gateway.openai_url, api_key="any")
    with client.responses.stream(model="auto", input=QUESTION, max_output_tokens=24) as stream:
        check(gateway, stream.until_done().get_final_response().output_text, is_streaming=True)


def test_openai_completion(gateway):
    client = openai.OpenAI(base_url=gateway.openai_url, api_key="any")
    completion = client.completions.create(model="auto", prompt="The capital of France is", max_tokens=24)
    check(gateway, completion.choices[0].text, is_streaming=False)


def test_anthropic(gateway):
    client = anthropic.Anthropic(base_url=gateway.url, api_key="any")
    message = client.messages.create(model="auto", messages=MESSAGES, max_tokens=24)
    check(gateway, message.content[0].text, is_streaming=False)


def test_anthropic_streamed(gateway):
    client = anthropic.Anthropic(base_url=gateway.url, api_key="any")
    with client.messages.stream(model="auto", messages=MESSAGES, max_tokens=24) as stream:
        check(gateway, "".join(stream.text_stream), is_streaming=True)


def test_langchain(gateway):
    model = ChatOpenAI(base_url=gateway.openai_url, api_key="any", model="auto", max_tokens=24)
    check(gateway, model.invoke(QUESTION).content, is_streaming=False)


def test_langchain_streamed(gateway):
    model = ChatOpenAI(base_url=gateway.openai_url, api_key="any", model="auto", max_tokens=24)
    check(gateway, "".join(chunk.content for chunk in model.stream(QUESTION)), is_streaming=True)


def test_litellm(gateway):
    response = litellm.completion(
        model="openai/auto", api_base=gateway.openai_url, api_key="any", messages=MESSAGES, max_tokens=24
    )
    check(gateway, response.choices[0].message.content, is_streaming=False)
