"""What a provider of Anthropic's kind answers."""

import json

from provider import Reply

TEXT = "Paris is the capital of France."
TOOL_INPUT = {"city": "Paris"}


def answer(text=TEXT):
    return _message([{"type": "text", "text": text}], "end_turn")


def tool_answer():
    return _message([_tool_use(TOOL_INPUT)], "tool_use")


def stream(text=TEXT):
    """A message word by word."""
    words = text.split(" ")
    texts = [word if index == 0 else f" {word}" for index, word in enumerate(words)]
    deltas = [{"type": "text_delta", "text": text} for text in texts]
    return _streamed({"type": "text", "text": ""}, deltas, "end_turn")


def tool_stream():
    text = json.dumps(TOOL_INPUT)
    deltas = [{"type": "input_json_delta", "partial_json": half} for half in (text[:6], text[6:])]
    return _streamed(_tool_use({}), deltas, "tool_use")


def failing_stream():
    """A message that breaks off with an error event."""
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    return Reply(pieces=stream().pieces[:5] + [_event(error)])


def error(status, kind, message="no", headers=None):
    body = {"type": "error", "error": {"type": kind, "message": message}}
    return Reply(status=status, body=body, headers=headers or {})


def _tool_use(arguments):
    return {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": arguments}


def _message(content, stop_reason):
    return Reply(body=_head(content) | {"stop_reason": stop_reason, "usage": {"input_tokens": 9, "output_tokens": 6}})


def _head(content):
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "served",
        "content": content,
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 9, "output_tokens": 1},
    }


def _streamed(block, deltas, stop_reason):
    events = [
        {"type": "message_start", "message": _head([])},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "ping"},
    ]
    events += [{"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas]
    ending = {"stop_reason": stop_reason, "stop_sequence": None}
    events += [
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": ending, "usage": {"output_tokens": 6}},
        {"type": "message_stop"},
    ]
    return Reply(pieces=[_event(event) for event in events])


def _event(value):
    return f"event: {value['type']}\ndata: {json.dumps(value)}\n\n".encode()
