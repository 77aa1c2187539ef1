"""A fake provider with OpenAI's chat path: it honours `max_tokens`, counts what it served, and fails by seed."""

import asyncio
import json
import random
from collections import Counter

MODEL_LIMIT = 500
PROMPT_TOKENS = 40
TOKEN = "abc "

STEADY = {"answer": 1.0}
RANDOM = {"answer": 0.9, "no usage": 0.1}
FLAKY = {"answer": 0.4, "500": 0.2, "429": 0.1, "empty": 0.1, "cut": 0.1, "hang up": 0.1}
CUTTING = {"answer": 0.4, "cut": 0.6}


class Upstream:
    """Serves on a free loopback port. `served` counts the prompts of requests that came in whole."""

    def __init__(self, manners, seed, delay_seconds=0.01):
        self.random = random.Random(seed)
        self.manners, self.delay_seconds = manners, delay_seconds
        self.served = Counter()
        self.begun = Counter()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._connection, "127.0.0.1", 0, backlog=4096)
        self.port = self.server.sockets[0].getsockname()[1]
        self.writers = set()
        return self

    async def __aexit__(self, *_):
        self.server.close()
        for writer in list(self.writers):
            writer.transport.abort()

    async def _connection(self, reader, writer):
        self.writers.add(writer)
        try:
            while body := await self._request(reader):
                if not await self._answer(json.loads(body), writer):
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass  # The gateway has hung up, or was killed.
        finally:
            self.writers.discard(writer)
            writer.close()

    async def _request(self, reader):
        head = await reader.readuntil(b"\r\n\r\n")
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                return await reader.readexactly(int(value))
        return None

    async def _answer(self, body, writer):
        """Answers as chance will have it; False when the connection is to end."""
        self.served[body["messages"][-1]["content"]] += 1
        manner = self.random.choices(list(self.manners), self.manners.values())[0]
        self.begun[manner] += 1
        limit = body.get("max_tokens") or body.get("max_completion_tokens") or MODEL_LIMIT
        tokens = self.random.randint(1, max(1, min(limit, MODEL_LIMIT)))
        await asyncio.sleep(self.random.uniform(0, 2 * self.delay_seconds))
        match manner:
            case "500" | "429":
                self._send(writer, int(manner), {"error": {"message": "no", "type": "fault"}})
            case "empty":
                self._send(writer, 200, self._completion("", tokens))
            case "hang up":
                return False
            case _ if body.get("stream"):
                return await self._stream(writer, tokens, manner)
            case "cut":
                self._send(writer, 200, self._completion(TOKEN * tokens, tokens), part=0.5)
                await writer.drain()
                return False
            case _:
                self._send(writer, 200, self._completion(TOKEN * tokens, tokens, has_usage=manner == "answer"))
        await writer.drain()
        return True

    def _completion(self, text, tokens, has_usage=True):
        message = {"role": "assistant", "content": text}
        answer = {"id": "x", "object": "chat.completion", "model": "fake",
                  "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
        return answer | ({"usage": self._usage(tokens)} if has_usage else {})

    def _usage(self, tokens):
        return {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": tokens, "total_tokens": PROMPT_TOKENS + tokens}

    def _send(self, writer, status, value, part=1.0):
        content = json.dumps(value).encode()
        head = f"HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        writer.write(head.encode() + content[: int(len(content) * part)])

    async def _stream(self, writer, tokens, manner):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        pieces = 4
        for piece in range(pieces):
            if manner == "cut" and piece == self.random.randrange(pieces):
                await writer.drain()
                return False
            count = tokens * (piece + 1) // pieces - tokens * piece // pieces
            self._event(writer, {"choices": [{"index": 0, "delta": {"content": TOKEN * count}}]})
            await writer.drain()
            await asyncio.sleep(self.delay_seconds / pieces)
        self._event(writer, {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        if manner == "answer":
            self._event(writer, {"choices": [], "usage": self._usage(tokens)})
        self._chunk(writer, b"data: [DONE]\n\n")
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True

    def _event(self, writer, value):
        whole = {"id": "x", "object": "chat.completion.chunk", "model": "fake"} | value
        self._chunk(writer, b"data: " + json.dumps(whole).encode() + b"\n\n")

    def _chunk(self, writer, content):
        writer.write(b"%x\r\n%s\r\n" % (len(content), content))


def provider(name, upstream, priority):
    """The provider's entry in the configuration: one answer of `MODEL_LIMIT` tokens costs 0.005 USD."""
    return f"""\
  - name: {name}
    base_url: http://127.0.0.1:{upstream.port}/v1
    api_key: sk-fake-0123456789
    model: {name}-model
    input_cost_per_million_tokens: 1
    output_cost_per_million_tokens: 10
    max_output_tokens: {MODEL_LIMIT}
    priority: {priority}
    timeout: 20s
"""


# No provider is ever set aside: every failure is to reach a fallback.
PATIENT = """\
routing: {penalty: {threshold: 1}, timeout: 30s}
breaker: {failure_threshold: 1000000}
"""
# The same, and whoever has not answered after a part of its usual delay is joined by the next provider.
HEDGING = PATIENT.replace("routing: {", "routing: {hedge: {after: 5ms}, ")
