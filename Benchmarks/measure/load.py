"""Load: as fast as it goes over a number of connections (wrk), and at a fixed rate (h2load)."""

import json
import os
import subprocess

from .machine import cpu_microseconds
from .report import CONNECTIONS
from .servers import BODY, PATH

FIXED_RATE = 1_000
FIXED_RATE_CONNECTIONS = 10
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "load.wrk.lua")


def pinned(cores, command, **options):
    command = ["taskset", "-c", ",".join(map(str, cores)), *command]
    result = subprocess.run(command, text=True, capture_output=True, check=False, **options)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{result.stdout}{result.stderr}")
    return result.stdout


def closed_load(bench, report, server, connections, seconds, cores=None):
    """One step of wrk: each connection sends its next request as soon as it has the last one's answer."""
    environment = dict(os.environ, BENCH_PATH=PATH, BENCH_BODY=BODY.decode())
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", SCRIPT]
    before = cpu_microseconds(server.process_id)
    output = pinned(cores or bench.cores.others, [*command, f"http://127.0.0.1:{server.port}/"], env=environment)
    used = cpu_microseconds(server.process_id) - before
    line = next(line for line in output.splitlines() if line.startswith("FIGURES "))
    figures = json.loads(line.removeprefix("FIGURES "))
    count_answers(bench, report, server, figures["requests"], figures["bad_status"], figures["socket_errors"])
    requests = max(1, figures["requests"])
    return {
        "requests_per_second": figures["requests"] / figures["microseconds"] * 1e6,
        "cpu_microseconds": used / requests,
        "core_busy": used / figures["microseconds"],
        "p50_microseconds": figures["p50"],
        "p99_microseconds": figures["p99"],
    }


def count_answers(bench, report, server, requests, bad_status, socket_errors):
    if server.name == "gateway":
        bench.answered += requests - bad_status
    if bad_status or socket_errors or not requests:
        report.fail(
            f"{server.name}: {requests} answers, {bad_status} of them not 2xx, {socket_errors} socket errors")


def measure_closed(bench, report):
    servers = (bench.gateway(), bench.nginx())
    for server in servers:
        closed_load(bench, report, server, 256, 1)
    for _ in range(report.rounds):
        for connections in CONNECTIONS:
            for server in servers:
                figures = closed_load(bench, report, server, connections, report.seconds)
                for name, value in figures.items():
                    report.record(name, connections, server.name, value)
    report.remember_memory("rss_after_load_kilobytes", servers)
    bench.stop(*servers)


def measure_fixed_rate(bench, report):
    servers = (bench.gateway(), bench.nginx())
    for server in servers:
        closed_load(bench, report, server, 16, 1)
    for _ in range(report.rounds):
        for server in servers:
            latencies = fixed_rate_latencies(bench, report, server, max(2, report.seconds))
            report.record("fixed_p50_microseconds", FIXED_RATE, server.name, percentile(latencies, 0.50))
            report.record("fixed_p99_microseconds", FIXED_RATE, server.name, percentile(latencies, 0.99))
    bench.stop(*servers)


def fixed_rate_latencies(bench, report, server, seconds):
    """Microseconds of every request but the first tenth, in order of size."""
    body = os.path.join(bench.folder, "body.json")
    log = os.path.join(bench.folder, "h2load.log")
    with open(body, "wb") as file:
        file.write(BODY)
    if os.path.exists(log):
        os.remove(log)
    requests = FIXED_RATE * seconds
    # The connections open a millisecond apart, or all of them would send at the same moment ever after.
    stagger = ["-r", "1", "--rate-period=1ms"]
    rate = ["-c", str(FIXED_RATE_CONNECTIONS), "--rps", str(FIXED_RATE // FIXED_RATE_CONNECTIONS)]
    command = ["h2load", "--h1", "-n", str(requests), *rate, *stagger, "-d", body, f"--log-file={log}"]
    url = f"http://127.0.0.1:{server.port}{PATH}"
    pinned(bench.cores.others, [*command, "-H", "content-type: application/json", url])
    rows = []
    with open(log, encoding="ascii") as file:
        for line in file:
            sent_at, status, microseconds = line.split()[:3]
            rows.append((int(sent_at), int(status), int(microseconds)))
    bad = sum(not 200 <= status < 300 for _, status, _ in rows)
    count_answers(bench, report, server, len(rows), bad, requests - len(rows))
    rows.sort()
    return sorted(microseconds for _, _, microseconds in rows[len(rows) // 10:])


def percentile(ordered, share):
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def measure_workers(bench, report, cores):
    """Two workers against one: on two cores of their own where there are some left for the load."""
    has_free_cores = len(cores.everything) >= 4
    server_cores = cores.everything[:2] if has_free_cores else cores.everything
    load_cores = cores.everything[2:] if has_free_cores else cores.everything
    report.workers_share_cores = not has_free_cores
    for _ in range(report.rounds):
        for workers in (1, 2):
            gateway = bench.gateway(workers=workers, cores=server_cores)
            closed_load(bench, report, gateway, 64, 1, load_cores)
            figures = closed_load(bench, report, gateway, 64, report.seconds, load_cores)
            report.record("workers_requests_per_second", workers, "gateway", figures["requests_per_second"])
            report.record("workers_cpu_microseconds", workers, "gateway", figures["cpu_microseconds"])
            bench.stop(gateway)
