"""Resident memory: with nothing to do, and with thousands of connections that are open and idle."""

import resource
import time

from .machine import resident_kilobytes
from .servers import ask


def measure(bench, report, connections):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < connections + 100:
        report.fail(f"{connections} idle connections need a limit on open files above {connections + 100} (is {hard})")
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    report.idle_connections = connections
    for make in (bench.gateway, bench.nginx):
        server = make()
        time.sleep(1)
        report.remember_memory("rss_idle_kilobytes", [server])
        before = resident_kilobytes(server.process_id)
        opened = open_idle(report, server, connections)
        bench.answered += connections if server.name == "gateway" else 0
        after = resident_kilobytes(server.process_id)
        report.remember_memory("rss_with_idle_connections_kilobytes", [server])
        growth = (after["all"] - before["all"]) * 1_024
        report.record("bytes_per_idle_connection", None, server.name, growth / connections)
        for connection in opened:
            connection.close()
        bench.stop(server)


def open_idle(report, server, count):
    """Opens connections that have each had one answer, as a client's pool has them."""
    opened = []
    for _ in range(count):
        connection, is_good = ask(server.port)
        if not is_good:
            report.fail(f"{server.name}: an answer that is not 200 while opening idle connections")
        opened.append(connection)
    time.sleep(0.5)
    return opened
