"""The servers of a measurement: the mock upstream, the gateway, and nginx as the yardstick."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from . import machine
from .prerequisites import Missing, binary, find

PROMPT = "Explain in one sentence what a circuit breaker does, and when it closes."
BODY = json.dumps({"prompt": PROMPT, "user_id": "user-17", "max_tokens": 64}).encode()
PATH = "/generate"

# Of every size that a measurement takes, so that no server turns a connection away.
MAX_CONNECTIONS = 16_384


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def request_bytes(port):
    head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY


def ask(port, timeout=5):
    """One request on a new connection; returns the open connection and whether the answer was a 200."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=timeout)
    try:
        connection.sendall(request_bytes(port))
        return connection, connection.recv(65_536).startswith(b"HTTP/1.1 200")
    except BaseException:
        connection.close()
        raise


class Server:
    """One running server process; `process_id` is the process that does the work."""

    def __init__(self, name, command, port, folder, cores):
        self.name = name
        self.port = port
        self.log = os.path.join(folder, f"{name}.output")
        pin = ["taskset", "-c", ",".join(map(str, cores))]
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                [*pin, *command], cwd=folder, stdout=output, stderr=output, start_new_session=True)
        self.process_id = self.process.pid

    def wait_until_ready(self, pause=0.01):
        """Returns once a request is answered with 200."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                connection, is_good = ask(self.port)
                connection.close()
                if is_good:
                    return self
            except OSError:
                pass
            time.sleep(pause)
        with open(self.log, encoding="utf-8", errors="replace") as output:
            said = output.read()
        self.stop()
        raise Missing(f"{self.name} gives no answer; it said:\n{said}")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Bench:
    """A folder of its own, a running upstream, and the making of gateways and nginxes before it."""

    def __init__(self, cores):
        self.cores = cores
        self.running = []
        self.answered = 0

    def __enter__(self):
        # A polite end cleans up too.
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        self.folder = tempfile.mkdtemp(prefix="tollgate-bench-")
        try:
            self.upstream = self._start("upstream", [binary("mock-upstream")], self.cores.others)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for server in reversed(self.running):
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def gateway(self, workers=1, cores=None, is_awaited=True, command=None):
        """A gateway with everything on: several priced providers, breaker, budgets, ledger on the disk.

        `command` runs another binary than the release one.
        """
        path = os.path.join(self.folder, "providers.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(configuration(self.upstream.port, workers))
        command = [*(command or [binary("tollgate")]), "serve", "--config", path, "--port"]
        return self._start("gateway", command, cores or (self.cores.server,), is_awaited)

    def nginx(self, is_awaited=True):
        """One nginx worker that forwards to the same upstream over kept connections."""
        port = free_port()
        path = os.path.join(self.folder, "nginx.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(nginx_configuration(port, self.upstream.port))
        command = [find("nginx"), "-p", self.folder, "-c", path, "-e", "stderr"]
        server = self._start("nginx", command, (self.cores.server,), is_awaited, port)
        if is_awaited:
            server.process_id = machine.children(server.process.pid)[0]
        return server

    def stop(self, *servers):
        for server in servers:
            server.stop()
            self.running.remove(server)

    def _start(self, name, command, cores, is_awaited=True, port=None):
        if port is None:
            port = free_port()
            command = [*command, str(port)]
        server = Server(name, command, port, self.folder, cores)
        self.running.append(server)
        if is_awaited:
            server.wait_until_ready()
        return server

    def check_ledger(self, report):
        """Every answer that a load generator counted must stand in the ledger."""
        self.stop(*[server for server in self.running if server.name == "gateway"])
        lines = 0
        with open(os.path.join(self.folder, "usage.log"), "rb") as file:
            for line in file:
                lines += b'"status":"success"' in line
        report.note(f"ledger: {lines:,} lines of success for {self.answered:,} answers counted by the load generators")
        if lines < self.answered:
            report.fail(f"{self.answered - lines} answers are not in the ledger")


def configuration(upstream_port, workers):
    providers = "".join(
        f"""\
  - name: {name}
    base_url: http://127.0.0.1:{upstream_port}/v1
    api_key: sk-benchmark-0123456789
    model: mock-model
    input_cost_per_million_tokens: {input_price}
    output_cost_per_million_tokens: {output_price}
    priority: {priority}
    retries: 1
    rate_limit_rpm: 100000000
    context_window: 131072
    specialties: [general, code]
"""
        for priority, (name, input_price, output_price) in enumerate(
            [("alpha", 0.10, 0.30), ("beta", 0.05, 0.08), ("gamma", 1.00, 5.00), ("delta", 0.40, 1.60)], 1))
    return f"""\
server: {{host: 127.0.0.1, workers: {workers}, drain_timeout: 2s}}
routing: {{strategy: cost, timeout: 30s, penalty: {{window: 300s, threshold: 0.05}}, intents: {{education: [beta]}}}}
breaker: {{failure_threshold: 3, cooldown: 60s, half_open_trials: 1, max_cooldown: 600s}}
budgets: {{per_user_usd: 1000000, window: total, global_usd: 10000000}}
ledger: {{path: usage.log, fsync: interval, rotate_bytes: 1099511627776}}
providers:
{providers}"""


def nginx_configuration(port, upstream_port):
    # As root, nginx would work as another user, who cannot enter this folder.
    user = "user root;" if os.geteuid() == 0 else ""
    return f"""\
{user}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events {{ worker_connections {MAX_CONNECTIONS}; }}
http {{
  access_log off;
  client_body_temp_path client_body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  keepalive_timeout 75s;
  keepalive_requests 1000000000;
  upstream provider {{
    server 127.0.0.1:{upstream_port};
    keepalive 1024;
    keepalive_requests 1000000000;
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }}
    location /v1/chat/completions {{
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }}
  }}
}}
"""
