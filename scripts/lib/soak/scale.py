"""A ledger of many lines: how long a start, an audit and their memory take."""

import hashlib
import os
import pathlib
import subprocess
import time

from .gateway import Gateway, check

CONFIGURATION = "providers: [{name: mock, kind: mock, free: true, reply: Hello}]\n"
LINES_PER_WRITE = 10_000
START_LIMIT_SECONDS = 1.0


async def run(binary, folder, _, line_count):
    """Writes the ledger, measures, and returns the figures as text."""
    log = pathlib.Path(folder, "logs", "usage.log")
    await one_line(binary, folder)
    begun = time.monotonic()
    write_ledger(log, line_count)
    figures = [f"{line_count} lines, {log.stat().st_size / 1e9:.2f} GB, written in {time.monotonic() - begun:.1f} s"]
    for name in ["without a checkpoint", "with a checkpoint"]:
        gateway = Gateway(binary, folder, CONFIGURATION)
        try:
            figures.append(f"start {name}: {gateway.start_seconds:.3f} s, "
                           f"{gateway.resident_kilobytes() / 1024:.1f} MB resident")
            gateway.stop()
        finally:
            gateway.kill()
        seconds = gateway.start_seconds
    check(seconds < START_LIMIT_SECONDS, f"the start with a checkpoint took {seconds:.3f} s")
    figures.append(timed_audit(binary, folder, line_count))
    return "\n".join(figures)


async def one_line(binary, folder):
    """Has the gateway write the line that all others are made of."""
    gateway = Gateway(binary, folder, CONFIGURATION)
    try:
        status, _ = await gateway.ask("/generate", {"prompt": "Hello", "user_id": "somebody"})
        check(status == 200, f"the first request was answered {status}")
    finally:
        gateway.stop()


def write_ledger(log, line_count):
    """Repeats the ledger's line with other ids and the right chain."""
    first = log.read_bytes().split(b"\n")[0]
    start, _, rest = first.partition(b'"id":"')
    _, _, rest = rest.partition(b'"')
    start, end = start + b'"id":"req_', b'"' + rest.partition(b',"chain":"')[0]
    link = bytes(16)
    sha256 = hashlib.sha256
    with log.open("wb") as file:
        for number in range(0, line_count, LINES_PER_WRITE):
            lines = []
            for index in range(number, min(number + LINES_PER_WRITE, line_count)):
                content = b"%b%012x%b" % (start, index, end)
                link = sha256(link + content).digest()[:16]
                lines.append(b'%b,"chain":"%b"}\n' % (content, link.hex().encode()))
            file.write(b"".join(lines))
    # It is of another ledger.
    log.with_name(log.name + ".checkpoint").unlink(missing_ok=True)


def timed_audit(binary, folder, line_count):
    begun = time.monotonic()
    process = subprocess.Popen([binary, "audit", "--config", pathlib.Path(folder, "providers.yaml")],
                               stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - begun
    check(process.returncode == 0, f"tollgate audit ends with {process.returncode}:\n{said}")
    check(f"{line_count} requests" in said, f"the audit did not count {line_count} lines:\n{said}")
    busy = usage.ru_utime + usage.ru_stime
    return (f"audit: {seconds:.2f} s, {line_count / seconds:,.0f} lines/s; {busy:.2f} s of processor time on two "
            f"threads, {1e6 * busy / line_count:.2f} µs a line; {usage.ru_maxrss / 1024:.1f} MB at most")
