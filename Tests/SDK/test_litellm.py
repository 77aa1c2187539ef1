"""LiteLLM as a client, through its OpenAI and its Anthropic form."""

import anthropic_replies
import litellm
import openai_replies as replies
import pytest
from gateway import check_books

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
