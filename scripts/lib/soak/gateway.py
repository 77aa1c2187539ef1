"""The built gateway as a process: started, asked, killed, its ledger read and audited."""

import asyncio
import json
import pathlib
import re
import subprocess
import time
from collections import Counter
from decimal import Decimal

START_SECONDS = 60
ASK_SECONDS = 60
ADMIN_KEY = "operator-0123456789"


class Wrong(Exception):
    """Something that must hold does not."""


def check(holds, text):
    if not holds:
        raise Wrong(text)


class Gateway:
    """One gateway in a folder of its own; the folder outlives it, for the next one to go on from."""

    def __init__(self, binary, folder, configuration, prepare=None):
        self.binary, self.folder = binary, pathlib.Path(folder)
        self.configuration = self.folder / "providers.yaml"
        self.configuration.write_text(configuration)
        output = self.folder / "output"
        begun = time.monotonic()
        with output.open("wb") as sink:
            self.process = subprocess.Popen(
                [binary, "serve", "--port", "0", "--config", self.configuration],
                stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, preexec_fn=prepare, cwd=self.folder)
        try:
            self.port = self._port(output)
        except BaseException:
            self.kill()
            raise
        self.start_seconds = time.monotonic() - begun

    def _port(self, output):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            found = re.search(r" serves http://127\.0\.0\.1:(\d+) .*\n", output.read_text(errors="replace"))
            if found:
                return int(found[1])
            if self.process.poll() is not None:
                raise Wrong(f"the gateway ended before it served:\n{output.read_text(errors='replace')}")
            time.sleep(0.005)
        raise Wrong(f"the gateway did not serve within {START_SECONDS} s")

    def said(self):
        return (self.folder / "output").read_text(errors="replace")

    def kill(self):
        """As a crash: at once, wherever it is."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """As an operator: it drains and ends with 0."""
        self.process.terminate()
        try:
            status = self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Wrong("the gateway did not end within 60 s of SIGTERM") from None
        check(status == 0, f"the gateway ended with {status}:\n{self.said()}")

    def resident_kilobytes(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1])

    async def ask(self, path, body=None, key=None, hang_up_after=None):
        """The status and the body of one answer on a connection of its own; 0 when there is none.

        With `hang_up_after` the connection is cut once so many bytes have come.
        """
        try:
            async with asyncio.timeout(ASK_SECONDS):
                return await self._ask(path, body, key, hang_up_after)
        except (OSError, asyncio.IncompleteReadError):
            return 0, b""

    async def _ask(self, path, body, key, hang_up_after):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            content = b"" if body is None else json.dumps(body).encode()
            head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            if key:
                head += f"Authorization: Bearer {key}\r\n"
            writer.write(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
            if hang_up_after is not None:
                answer = await reader.read(hang_up_after)
                writer.transport.abort()
            else:
                answer = await reader.read(-1)
            start, _, rest = answer.partition(b"\r\n\r\n")
            words = start.split(b" ", 2)
            return (int(words[1]) if len(words) > 1 else 0), rest
        finally:
            writer.close()

    async def budgets(self):
        status, body = await self.ask("/budgets", key=ADMIN_KEY)
        check(status == 200, f"GET /budgets answers {status}")
        return json.loads(body, parse_float=Decimal)["budgets"]


def audit(binary, folder):
    """Runs `tollgate audit`; raises `Wrong` with what it says when it finds something."""
    run = subprocess.run(
        [binary, "audit", "--config", pathlib.Path(folder) / "providers.yaml"],
        capture_output=True, text=True, timeout=600)
    check(run.returncode == 0, f"tollgate audit ends with {run.returncode}:\n{run.stdout}{run.stderr}")
    return run.stdout


def ledger(folder):
    """The lines of all the ledger's files that are requests'."""
    lines = []
    for path in sorted(pathlib.Path(folder, "logs").glob("usage.log*")):
        if path.suffix != ".log" and not path.suffix[1:].isdigit():
            continue  # The checkpoint, the table of requests in flight.
        for text in path.read_bytes().split(b"\n"):
            try:
                line = json.loads(text)
            except ValueError:
                continue  # What a crash left of a line; the audit looks at it.
            if "cost_usd" in line:
                lines.append(line)
    return lines


def cost(lines):
    return sum((Decimal(line["cost_usd"]) for line in lines), Decimal(0))


def hedged(lines):
    """How many requests had two attempts at a time: those with more attempts than one and its failures before."""
    return sum(1 for line in lines if line["attempts"] > 1 + len(line["fallbacks"]))


def statuses(lines):
    return Counter(line["status"] for line in lines)
