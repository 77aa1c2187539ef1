"""What a provider of OpenAI's kind answers."""

import json

from provider import Reply

TEXT = "Paris is the capital of France."
USAGE = {"prompt_tokens": 9, "completion_tokens": 6, "total_tokens": 15}
# 9 × 1.10 USD and 6 × 2.30 USD per million: the prices of conftest.py.
COST = "0.0000237"
TOOL_CALLS = [
    {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Paris"}'}},
    {"id": "call_2", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Rome"}'}},
]


def answer(text=TEXT, tool_calls=None):
    """A chat completion in one piece."""
    message = {"role": "assistant", "content": text}
    if tool_calls:
        message |= {"content": None, "tool_calls": tool_calls}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if tool_calls else "stop"}
    return Reply(body=_object("chat.completion", [choice]) | {"usage": USAGE})


def stream(text=TEXT):
    """A chat completion word by word, with the usage at its end."""
    words = text.split(" ")
    deltas = [{"role": "assistant", "content": ""}]
    deltas += [{"content": word if index == 0 else f" {word}"} for index, word in enumerate(words)]
    return _streamed(deltas, "stop")


def two_answers():
    """Two answers to one question."""
    choices = [
        {"index": index, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        for index, text in enumerate([TEXT, "It is Paris."])
    ]
    return Reply(body=_object("chat.completion", choices) | {"usage": USAGE})


def two_streams():
    """Two answers to one question, their pieces mixed."""
    pieces = [(0, "Paris is"), (1, "It is"), (1, " Paris."), (0, " the capital of France.")]
    choices = [[{"index": index, "delta": {"content": text}, "finish_reason": None}] for index, text in pieces]
    choices += [[{"index": index, "delta": {}, "finish_reason": "stop"}] for index in (1, 0)]
    chunks = [_object("chat.completion.chunk", choice) for choice in choices]
    chunks += [_object("chat.completion.chunk", []) | {"usage": USAGE}]
    return Reply(pieces=[_event(chunk) for chunk in chunks] + [b"data: [DONE]\n\n"])


def tool_stream():
    """TOOL_CALLS in pieces."""
    deltas = [{"role": "assistant", "content": None}]
    for index, call in enumerate(TOOL_CALLS):
        function = call["function"]
        start = {"name": function["name"], "arguments": ""}
        deltas.append({"tool_calls": [call | {"index": index, "function": start}]})
        for half in (function["arguments"][:5], function["arguments"][5:]):
            deltas.append({"tool_calls": [{"index": index, "function": {"arguments": half}}]})
    return _streamed(deltas, "tool_calls")


def completion(text=TEXT):
    """An answer to a text rather than a conversation."""
    choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": "stop"}
    return Reply(body=_object("text_completion", [choice]) | {"usage": USAGE})


def completion_stream(text=TEXT):
    words = text.split(" ")
    texts = [word if index == 0 else f" {word}" for index, word in enumerate(words)]
    choices = [[{"index": 0, "text": text, "finish_reason": None}] for text in texts]
    choices += [[{"index": 0, "text": "", "finish_reason": "stop"}]]
    chunks = [_object("text_completion", choice) for choice in choices]
    chunks += [_object("text_completion", []) | {"usage": USAGE}]
    return Reply(pieces=[_event(chunk) for chunk in chunks] + [b"data: [DONE]\n\n"])


def embeddings(count=1):
    """Vectors as plain numbers. There is no output to be charged: 15 tokens of input."""
    data = [{"object": "embedding", "index": index, "embedding": [0.25, -0.5, index]} for index in range(count)]
    usage = {"prompt_tokens": 15, "total_tokens": 15}
    return Reply(body={"object": "list", "data": data, "model": "served", "usage": usage})


def cut_stream():
    """A stream that ends in the middle of its text."""
    reply = stream()
    return Reply(pieces=reply.pieces[:4], is_cut=True)


def failing_stream():
    """A stream that reports an error in the middle of its text."""
    return Reply(pieces=stream().pieces[:4] + [_event({"error": {"message": "overloaded", "type": "server_error"}})])


def error(status, message="no", code=None, headers=None):
    body = {"error": {"message": message, "type": "some_error", "param": None, "code": code}}
    return Reply(status=status, body=body, headers=headers or {})


def by_stream(whole, streamed):
    """A script: `streamed` for who asks for a stream, `whole` for who does not."""
    return lambda request: streamed if request.body.get("stream") else whole


def _object(kind, choices):
    return {"id": "chatcmpl-1", "object": kind, "created": 1_700_000_000, "model": "served", "choices": choices}


def _streamed(deltas, finish_reason):
    choices = [[{"index": 0, "delta": delta, "finish_reason": None}] for delta in deltas]
    choices += [[{"index": 0, "delta": {}, "finish_reason": finish_reason}]]
    chunks = [_object("chat.completion.chunk", choice) for choice in choices]
    chunks += [_object("chat.completion.chunk", []) | {"usage": USAGE}]
    return Reply(pieces=[_event(chunk) for chunk in chunks] + [b"data: [DONE]\n\n"])


def _event(value):
    return b"data: " + json.dumps(value).encode() + b"\n\n"
