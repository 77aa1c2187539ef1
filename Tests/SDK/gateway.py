"""The built gateway as a process, with a configuration of its own."""

import json
import os
import pathlib
import re
import subprocess
import time
from decimal import Decimal

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("TOLLGATE_BINARY", ROOT / ".build/release/tollgate"))
PROVIDER_KEY = "sk-provider-3f81d6c2"
PATIENCE_SECONDS = 30


class Gateway:
    """Serves on a free port until `close`. `configuration` is the text of providers.yaml."""

    def __init__(self, folder, configuration):
        self.folder = folder
        (folder / "providers.yaml").write_text(configuration)
        environment = {"PATH": os.environ["PATH"], "PROVIDER_KEY": PROVIDER_KEY}
        command = [BINARY, "serve", "--port", "0", "--config", folder / "providers.yaml"]
        self._output = open(folder / "output", "w+b")
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=self._output, stderr=self._output
        )
        self.url = self._address()

    @property
    def openai_url(self):
        """What OpenAI's clients take as their base URL."""
        return f"{self.url}/v1"

    @property
    def output(self):
        return (self.folder / "output").read_text()

    def ledger(self, count=1):
        """The ledger's lines, of which there must be exactly `count`."""
        # A caller that breaks off does not wait for its line.
        deadline = time.monotonic() + PATIENCE_SECONDS
        path = self.folder / "logs/usage.log"
        while True:
            text = path.read_text() if path.exists() else ""
            lines = [json.loads(line) for line in text.splitlines()]
            if len(lines) >= count or time.monotonic() > deadline:
                break
            time.sleep(0.005)
        assert len(lines) == count, lines
        return lines

    def line(self):
        """The ledger's only line."""
        return self.ledger()[0]

    def close(self):
        self._process.terminate()
        try:
            status = self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            self._output.close()
        assert status == 0, self.output
        assert PROVIDER_KEY not in self.output

    def _address(self):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if match := re.search(r"serves (http://\S+) .*\n", self.output):
                return match[1]
            time.sleep(0.01)
        self._process.kill()
        raise RuntimeError(f"the gateway does not serve:\n{self.output}")


def entry(name, url, kind="openai", **keys):
    """A provider's entry in providers.yaml."""
    keys = {
        "kind": kind,
        "base_url": {"openai": f"{url}/v1", "anthropic": url, "gemini": f"{url}/v1beta"}[kind],
        "api_key": "${PROVIDER_KEY}",
        "model": f"{name}-model",
        "input_cost_per_million_tokens": "1.10",
        "output_cost_per_million_tokens": "2.30",
    } | keys
    return f"  - name: {name}\n" + "".join(f"    {key}: {value}\n" for key, value in keys.items())


def check_books(line, headers=None, *, provider="first", surface="openai.chat", cost="0.0000237", **more):
    """The ledger's line of a call that cost 9 and 6 tokens, and what its answer's head says of it.

    `more` are further members of the line. The head of a stream goes out before its cost is known.
    """
    expected = {
        "surface": surface,
        "provider": provider,
        "model": f"{provider}-model",
        "status": "success",
        "http_status": 200,
        "prompt_tokens": 9,
        "completion_tokens": 6,
        "total_tokens": 15,
        "cost_usd": cost,
        "estimated": False,
        "attempts": 1,
        "stream": False,
    } | more
    assert {name: line[name] for name in expected} == expected
    if headers is None:
        return
    assert headers["x-request-id"]
    assert headers["x-tollgate-provider"] == provider
    assert headers["x-tollgate-model"] == f"{provider}-model"
    assert headers["x-tollgate-attempts"] == str(expected["attempts"])
    if not expected["stream"]:
        assert Decimal(headers["x-tollgate-cost-usd"]) == Decimal(expected["cost_usd"])
        assert "upstream;dur=" in headers["server-timing"]
