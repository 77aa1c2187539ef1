"""What a provider of Gemini's kind answers."""

import json

from provider import Reply

TEXT = "Paris is the capital of France."
# Thoughts are counted beside the candidates' tokens: 4 and 2 are the 6 to be charged.
USAGE = {"promptTokenCount": 9, "candidatesTokenCount": 4, "thoughtsTokenCount": 2, "totalTokenCount": 15}


def answer(text=TEXT):
    return Reply(body=_content([{"text": text}], "STOP"))


def tool_answer():
    return Reply(body=_content([{"functionCall": {"name": "weather", "args": {"city": "Paris"}}}], "STOP"))


def stream(text=TEXT):
    """A text word by word; each piece is an answer of its own."""
    words = text.split(" ")
    texts = [word if index == 0 else f" {word}" for index, word in enumerate(words)]
    contents = [_content([{"text": text}], None) for text in texts[:-1]]
    contents.append(_content([{"text": texts[-1]}], "STOP"))
    return Reply(pieces=[b"data: " + json.dumps(content).encode() + b"\r\n\r\n" for content in contents])


def error(status, word, message="no"):
    return Reply(status=status, body={"error": {"code": status, "message": message, "status": word}})


def _content(parts, finish_reason):
    candidate = {"index": 0, "content": {"role": "model", "parts": parts}}
    if finish_reason:
        candidate["finishReason"] = finish_reason
    return {"candidates": [candidate], "usageMetadata": USAGE, "modelVersion": "served"}
