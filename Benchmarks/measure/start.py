"""How long a start takes, from exec to the first answer that came through a provider."""

import time


def measure(bench, report, starts):
    for _ in range(starts):
        for make in (bench.gateway, bench.nginx):
            began = time.perf_counter()
            server = make(is_awaited=False)
            # No longer pause than a tenth of a millisecond: the wait is part of the figure.
            server.wait_until_ready(pause=0.0001)
            report.record("start_milliseconds", None, server.name, (time.perf_counter() - began) * 1_000)
            bench.stop(server)
