"""A provider on the loopback address that answers as it is told, and remembers what it was asked."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


PATIENCE_SECONDS = 30


@dataclass
class Request:
    """What the gateway asked. `headers` have names in lower case."""

    path: str
    headers: dict
    body: dict


@dataclass
class Reply:
    """What the provider answers: `body` as JSON, or `pieces` as an event stream, one write each."""

    status: int = 200
    body: dict | None = None
    pieces: list[bytes] | None = None
    headers: dict = field(default_factory=dict)
    # Holds the last piece back until the test has seen the ones before it.
    gate: threading.Event | None = None
    # Ends the connection where more was announced, as a provider that crashes does.
    is_cut: bool = False


class Provider:
    """Answers every request with `reply`, or with what `reply` makes of the request."""

    def __init__(self, reply):
        self.reply = reply
        self.requests = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        """The address without a path; OpenAI's clients want `/v1` behind it."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def last(self):
        return self.requests[-1]

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _handler(provider):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Request(self.path, headers, body)
                provider.requests.append(request)
                reply = provider.reply(request) if callable(provider.reply) else provider.reply
                try:
                    self._send_whole(reply) if reply.pieces is None else self._send_stream(reply)
                except ConnectionError:
                    # The gateway waits no longer.
                    self.close_connection = True

            def _send_whole(self, reply):
                content = json.dumps(reply.body).encode()
                self._send_head(reply, {"content-type": "application/json", "content-length": len(content)})
                self.wfile.write(content)

            def _send_stream(self, reply):
                self._send_head(reply, {"content-type": "text/event-stream", "transfer-encoding": "chunked"})
                for index, piece in enumerate(reply.pieces):
                    if reply.gate and index == len(reply.pieces) - 1:
                        reply.gate.wait(PATIENCE_SECONDS)
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                    self.wfile.flush()
                if reply.is_cut:
                    self.close_connection = True
                else:
                    self.wfile.write(b"0\r\n\r\n")

            def _send_head(self, reply, headers):
                self.send_response(reply.status)
                for name, value in (headers | reply.headers).items():
                    self.send_header(name, str(value))
                self.end_headers()

            def log_message(self, *arguments):
                pass

        return Handler
