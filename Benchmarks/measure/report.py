"""The figures of all rounds, and the one table made of them."""

from statistics import median

from .machine import resident_kilobytes

CONNECTIONS = (1, 16, 64, 256)

# Name of the figure, its line in the table, decimals, and the goal at some number of connections.
LOAD_LINES = (
    ("requests_per_second", "requests/s", 0, {}),
    ("cpu_microseconds", "CPU per request, µs", 1, {64: "2.5 x nginx"}),
    ("core_busy", "share of its core used", 2, {}),
    ("p50_microseconds", "p50, µs", 0, {}),
    ("p99_microseconds", "p99, µs", 0, {}),
)


class Report:
    """Collects figures as (name, setting, server) -> one value a round."""

    def __init__(self, machine, rounds, seconds):
        self.machine = machine
        self.rounds = rounds
        self.seconds = seconds
        self.values = {}
        self.notes = []
        self.errors = []
        self.idle_connections = 0
        self.workers_share_cores = False

    def record(self, name, setting, server, value):
        self.values.setdefault((name, setting, server), []).append(value)

    def remember_memory(self, name, servers):
        for server in servers:
            for part, kilobytes in resident_kilobytes(server.process_id).items():
                self.record(name, part, server.name, kilobytes)

    def note(self, text):
        self.notes.append(text)

    def fail(self, text):
        self.errors.append(text)

    def figures(self):
        """Everything, for --json."""
        return {
            "machine": self.machine,
            "rounds": self.rounds,
            "seconds": self.seconds,
            "figures": [
                {"name": name, "setting": setting, "server": server, "values": values}
                for (name, setting, server), values in self.values.items()
            ],
            "notes": self.notes,
            "errors": self.errors,
        }

    # The table.

    def table(self, has_requests=True):
        rows = [("", "", "tollgate", "nginx", "ratio", "goal")]
        if has_requests:
            rows += self._request_rows()
        rows += self._stream_rows()
        return "\n".join([self._heading(), "", *aligned(rows), "", *self.notes])

    def _request_rows(self):
        rows = []
        for name, title, decimals, goals in LOAD_LINES:
            for connections in CONNECTIONS:
                plural = "connection" if connections == 1 else "connections"
                rows.append(self._compared(
                    title, f"{connections} {plural}", name, connections, decimals, goals.get(connections, "")))
                title = ""
        rows += self._fixed_rate_rows()
        rows += self._memory_rows()
        rows.append(self._compared(
            "start to first answer, ms", "", "start_milliseconds", None, 1, "100 ms"))
        rows += self._worker_rows()
        return rows

    def _heading(self):
        machine = self.machine
        return (
            f"{machine['cores']} cores, {machine['system']}, load average before: {machine['load_average_before']}; "
            f"median (lowest to highest) of {self.rounds} rounds of {self.seconds} s")

    def _compared(self, title, setting_text, name, setting, decimals, goal=""):
        gateway = self.values.get((name, setting, "gateway"), [])
        nginx = self.values.get((name, setting, "nginx"), [])
        # Of each round its own ratio: what disturbs a round disturbs both of its steps.
        ratios = [ours / theirs for ours, theirs in zip(gateway, nginx) if theirs]
        ratio = f"{median(ratios):.2f}" if ratios else ""
        return (title, setting_text, spread(gateway, decimals), spread(nginx, decimals), ratio, goal)

    def _fixed_rate_rows(self):
        rows = []
        for name, title, goal in (
            ("fixed_p50_microseconds", "p50", "added 60 µs"), ("fixed_p99_microseconds", "p99", "added 1,000 µs")):
            gateway = self.values.get((name, 1_000, "gateway"), [])
            nginx = self.values.get((name, 1_000, "nginx"), [])
            added = spread([ours - theirs for ours, theirs in zip(gateway, nginx)], 0)
            rows.append((f"{title} at 1,000/s, µs", "", spread(gateway, 0), spread(nginx, 0), "", ""))
            rows.append(("", "added to nginx's", added, "", "", goal))
        return rows

    def _memory_rows(self):
        rows = []
        idle = f"{self.idle_connections:,} idle connections"
        for name, title, goal in (
            ("rss_idle_kilobytes", "idle", "20,480 kB"), ("rss_with_idle_connections_kilobytes", idle, ""),
            ("rss_after_load_kilobytes", "after the load", "")):
            rows.append(self._compared("resident memory, kB", title, name, "all", 0, goal))
            rows.append(self._compared("", "its own, without files'", name, "own", 0))
        rows.append(self._compared(
            "bytes per idle connection", "", "bytes_per_idle_connection", None, 0, "8,192"))
        return rows

    def _stream_rows(self):
        rows = []
        for name, title in (
            ("first_token_p50_microseconds", "first token p50, µs"),
            ("first_token_p99_microseconds", "first token p99, µs")):
            direct = self.values.get((name, None, "direct"), [])
            if not direct:
                return []
            added = []
            for server in ("gateway", "nginx"):
                pairs = zip(self.values.get((name, None, server), []), direct)
                added.append(spread([theirs - plain for theirs, plain in pairs], 0))
            rows.append(self._compared(title, f"direct: {spread(direct, 0)}", name, None, 0))
            rows.append(("", "added to direct", *added, "", ""))
        title = "CPU per streamed chunk, µs"
        for streams in (100, 1_000):
            rows.append(self._compared(
                title, f"{streams:,} streams", "chunk_cpu_microseconds", streams, 1, "2.0 x nginx"))
            title = ""
        for streams in (100, 1_000):
            rows.append(self._compared("" if title else "chunks/s", f"{streams:,} streams",
                                       "chunks_per_second", streams, 0))
        rows.append(self._compared(
            "resident memory, kB", "1,000 streams", "rss_with_1000_streams_kilobytes", "all", 0, "61,440 kB"))
        rows.append(self._compared("", "its own, without files'", "rss_with_1000_streams_kilobytes", "own", 0))
        return rows

    def _worker_rows(self):
        speeds = [self.values.get(("workers_requests_per_second", workers, "gateway"), []) for workers in (1, 2)]
        costs = [self.values.get(("workers_cpu_microseconds", workers, "gateway"), []) for workers in (1, 2)]
        if not speeds[0]:
            return []
        where = "cores shared with load" if self.workers_share_cores else "two free cores"
        goal = "" if self.workers_share_cores else "1.7"
        throughput = [two / one for one, two in zip(*speeds)]
        price = [two / one for one, two in zip(*costs)]
        return [
            ("two workers / one: requests/s", where, spread(throughput, 2), "", "", goal),
            ("two workers / one: CPU per request", "", spread(price, 2), "", "", ""),
        ]


def spread(values, decimals):
    """The median, and the lowest and highest when there are several."""
    if not values:
        return ""
    shown = [f"{value:,.{decimals}f}" for value in (median(values), min(values), max(values))]
    return shown[0] if len(values) == 1 else f"{shown[0]} ({shown[1]} to {shown[2]})"


def aligned(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        texts = [text.ljust(width) if column < 2 else text.rjust(width)
                 for column, (text, width) in enumerate(zip(row, widths))]
        yield "  ".join(texts).rstrip()
