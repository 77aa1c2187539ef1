"""Streams: the wait for the first token, the CPU of a chunk, and memory while a thousand are open."""

import json
import subprocess
import time

from .machine import cpu_microseconds, resident_kilobytes
from .prerequisites import binary

# Of each kind of load: connections, chunks of a stream, and microseconds between two chunks.
FIRST_TOKEN = (40, 20, 10_000)
CHUNKS = {100: (100, 100, 10_000), 1_000: (1_000, 100, 50_000)}


class Direct:
    """The upstream itself, for the wait that neither server adds to."""

    name = "direct"

    def __init__(self, upstream):
        self.port = upstream.port
        self.process_id = upstream.process_id


def load(bench, report, server, shape, seconds):
    """One step of stream-load: what it counted, the server's CPU time meanwhile, and its memory near the end."""
    command = ["taskset", "-c", ",".join(map(str, bench.cores.others)), binary("stream-load"), str(server.port)]
    connections, chunks, interval = shape
    command += [str(connections), str(seconds), str(chunks), str(interval)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout.readline()
        if said != "MEASURING\n":
            process.kill()
            raise RuntimeError(f"{server.name}: stream-load said {said!r}")
        before = cpu_microseconds(server.process_id)
        time.sleep(seconds * 0.8)
        memory = resident_kilobytes(server.process_id)
        # The line comes at the end of the measured time.
        said = process.stdout.readline()
        used = cpu_microseconds(server.process_id) - before
    figures = json.loads(said)
    if server.name == "gateway":
        bench.answered += figures["streams"]
    if figures["bad"] or not figures["events"]:
        report.fail(f"{server.name}: {figures['events']} chunks, and {figures['bad']} streams that broke off")
    figures["cpu_microseconds"] = used / max(1, figures["events"])
    figures["memory"] = memory
    return figures


def measure(bench, report, seconds):
    # No process has done anything yet: the memory of the streams is all that it holds.
    servers = (bench.gateway(), bench.nginx())
    direct = Direct(bench.upstream)
    for server in (direct, *servers):
        load(bench, report, server, FIRST_TOKEN, 1)
    for _ in range(report.rounds):
        for server in (direct, *servers):
            figures = load(bench, report, server, FIRST_TOKEN, seconds)
            report.record("first_token_p50_microseconds", None, server.name, figures["p50"])
            report.record("first_token_p99_microseconds", None, server.name, figures["p99"])
        for streams, shape in CHUNKS.items():
            for server in servers:
                figures = load(bench, report, server, shape, seconds)
                report.record("chunk_cpu_microseconds", streams, server.name, figures["cpu_microseconds"])
                report.record("chunks_per_second", streams, server.name,
                              figures["events"] / figures["microseconds"] * 1e6)
                for part, kilobytes in figures["memory"].items():
                    report.record(f"rss_with_{streams}_streams_kilobytes", part, server.name, kilobytes)
    bench.stop(*servers)
