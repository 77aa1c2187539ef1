"""LangChain's client for OpenAI."""

import asyncio

import openai
import openai_replies as replies
import pytest
from gateway import check_books
from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel

QUESTION = "What is the capital of France?"


@tool
def weather(city: str) -> str:
    """The weather in a city."""
    return f"It is sunny in {city}."


def model(gateway):
    return ChatOpenAI(base_url=gateway.openai_url, api_key="any", model="auto")


def test_invoke(serve):
    gateway, provider = serve(replies.answer())
    message = model(gateway).invoke([SystemMessage("Be brief."), HumanMessage(QUESTION)])
    assert message.content == replies.TEXT
    assert message.usage_metadata["total_tokens"] == 15
    assert provider.last.body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": QUESTION},
    ]
    check_books(gateway.line())


def test_stream(serve):
    gateway, _ = serve(replies.stream())
    chunks = list(model(gateway).stream(QUESTION, stream_usage=True))
    assert "".join(chunk.content for chunk in chunks) == replies.TEXT
    assert sum(chunk.usage_metadata["total_tokens"] for chunk in chunks if chunk.usage_metadata) == 15
    check_books(gateway.line(), stream=True)


def test_batch(serve):
    gateway, _ = serve(replies.answer())
    messages = model(gateway).batch([QUESTION] * 8)
    assert [message.content for message in messages] == [replies.TEXT] * 8
    for line in gateway.ledger(8):
        check_books(line)


def test_tools(serve):
    def reply(request):
        is_answer = request.body["messages"][-1]["role"] == "tool"
        return replies.answer() if is_answer else replies.answer(tool_calls=replies.TOOL_CALLS)

    gateway, provider = serve(reply)
    agent = model(gateway).bind_tools([weather])
    history = [HumanMessage("What is the weather in Paris and Rome?")]
    history.append(agent.invoke(history))
    calls = history[-1].tool_calls
    assert [(call["name"], call["args"]) for call in calls] == [
        ("weather", {"city": "Paris"}),
        ("weather", {"city": "Rome"}),
    ]
    history += [ToolMessage(weather.invoke(call["args"]), tool_call_id=call["id"]) for call in calls]
    assert agent.invoke(history).content == replies.TEXT
    assert provider.last.body["messages"][-1] == {
        "role": "tool",
        "tool_call_id": "call_2",
        "content": "It is sunny in Rome.",
    }
    for line in gateway.ledger(2):
        check_books(line)


def test_tools_in_a_stream(serve):
    gateway, _ = serve(replies.tool_stream())
    pieces = list(model(gateway).bind_tools([weather]).stream(QUESTION))
    whole = pieces[0]
    for piece in pieces[1:]:
        whole += piece
    assert [call["args"] for call in whole.tool_calls] == [{"city": "Paris"}, {"city": "Rome"}]
    check_books(gateway.line(), stream=True)


def test_an_error_is_not_multiplied(serve):
    gateway, provider = serve(replies.error(500))
    with pytest.raises(openai.InternalServerError):
        model(gateway).invoke(QUESTION)
    assert len(provider.requests) == 1
    assert gateway.line()["status"] == "error"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (replies.error(400, "too hot"), openai.BadRequestError),
        (replies.error(404, code="model_not_found"), openai.NotFoundError),
        (replies.error(429), openai.RateLimitError),
    ],
    ids=lambda value: getattr(value, "status", ""),
)
@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
def test_an_error_has_its_class(serve, reply, kind, is_streaming):
    gateway, provider = serve(reply)
    with pytest.raises(kind):
        list(model(gateway).stream(QUESTION)) if is_streaming else model(gateway).invoke(QUESTION)
    assert len(provider.requests) == 1
    assert gateway.line()["status"] == "error"


def test_asynchronous_calls(serve):
    gateway, _ = serve(replies.by_stream(replies.answer(), replies.stream()))

    async def both():
        whole = await model(gateway).ainvoke(QUESTION)
        return whole, [piece.content async for piece in model(gateway).astream(QUESTION)]

    whole, pieces = asyncio.run(both())
    assert whole.content == "".join(pieces) == replies.TEXT
    assert [line["status"] for line in gateway.ledger(2)] == ["success", "success"]


def test_structured_output(serve):
    class Capital(BaseModel):
        country: str
        capital: str

    gateway, provider = serve(replies.answer('{"country":"France","capital":"Paris"}'))
    parsed = model(gateway).with_structured_output(Capital).invoke(QUESTION)
    assert parsed == Capital(country="France", capital="Paris")
    assert provider.last.body["response_format"]["type"] == "json_schema"
    check_books(gateway.line())


def test_embeddings(serve):
    gateway, provider = serve(lambda request: replies.embeddings(len(request.body["input"])))
    # Without this the library sends token numbers of a tokenizer that it fetches from the network.
    embeddings = OpenAIEmbeddings(
        base_url=gateway.openai_url, api_key="any", model="auto", check_embedding_ctx_length=False
    )
    assert embeddings.embed_documents(["one", "two"]) == [[0.25, -0.5, 0], [0.25, -0.5, 1]]
    assert provider.last.body["input"] == ["one", "two"]
    assert gateway.line()["surface"] == "openai.embeddings"
