"""kill -9 at random moments under load: what a provider served has exactly one line, and the audit is clean."""

import asyncio
import contextlib
import os
import pathlib
import random
import resource
import signal
import subprocess
import time
from collections import Counter
from contextlib import AsyncExitStack

from .gateway import Gateway, audit, check, hedged, ledger, statuses
from .upstream import CUTTING, HEDGING, PATIENT, RANDOM, Upstream, provider

LONGEST_LOAD_SECONDS = 0.6
# In-flight tables of two workers take 512 kB at least; the rest is some 200 lines of room.
SMALL_DISK_BYTES = 768 * 1024
FILLER_BYTES = 128 * 1024

VARIANTS = {
    "plain": "",
    "rotation": "ledger: {rotate_bytes: 40000}\n",
    "always": "ledger: {fsync: always}\n",
    "hedge": "",
    "full": "",
    "readonly": "",
}


async def run(binary, folder, variant, rounds, callers, seed):
    """All rounds on one ledger; returns what they came to as a line of text."""
    if variant == "readonly":
        return refuses_read_only(binary, folder)
    begun = time.monotonic()
    hedges = variant == "hedge"
    chance = random.Random(f"{variant} {seed}")
    async with AsyncExitStack() as stack:
        disk = stack.enter_context(SmallDisk(folder)) if variant == "full" else None
        first = await stack.enter_async_context(Upstream(CUTTING, f"{seed} first", delay_seconds=0.02))
        second = await stack.enter_async_context(Upstream(RANDOM, f"{seed} second", delay_seconds=0.02))
        configuration = (
            f"server: {{workers: 2}}\n{HEDGING if hedges else PATIENT}{VARIANTS[variant]}providers:\n"
            + provider("first", first, 1) + provider("second", second, 2))
        rounds_done = Rounds(binary, folder, configuration, callers, chance, disk)
        for number in range(rounds):
            await rounds_done.crash(number)
            written_once(folder, f"in round {number}")
        lines = await rounds_done.end()
        served = first.served + second.served
        lines_by_user = written_once(folder, "at the end")
        missing = [user for user in served if user not in lines_by_user]
        check((hedged(lines) > 0) == hedges, f"{hedged(lines)} requests were hedged")
        check(not missing, f"{len(missing)} requests that were served have no line: {missing[:5]}")
    counts = ", ".join(f"{count} {name}" for name, count in statuses(lines).most_common())
    return (f"{variant:8} {rounds} rounds: {len(served)} requests served upstream, each with one line; "
            f"{counts}; {time.monotonic() - begun:.1f} s")


class Rounds:
    """A gateway that is started, loaded, killed, and started again on what it left."""

    def __init__(self, binary, folder, configuration, callers, chance, disk):
        self.binary, self.folder, self.configuration = binary, folder, configuration
        self.callers, self.chance, self.disk = callers, chance, disk

    def start(self):
        # Also with lines owed that do not fit: they wait.
        return Gateway(self.binary, self.folder, self.configuration, self.disk and self.disk.prepare)

    async def crash(self, number):
        gateway = self.start()
        try:
            audit(self.binary, self.folder)  # While it runs, with the last crash's lines written.
            load = [asyncio.create_task(self.caller(gateway, f"{number}-{c}")) for c in range(self.callers)]
            await asyncio.sleep(self.chance.uniform(0, LONGEST_LOAD_SECONDS))
            if self.disk:
                self.disk.fill_or_free()
                await asyncio.sleep(self.chance.uniform(0, LONGEST_LOAD_SECONDS))
        finally:
            gateway.kill()
        for task in load:
            task.cancel()
        await asyncio.gather(*load, return_exceptions=True)
        # What was sent before the kill is still read by the provider.
        await asyncio.sleep(0.05)
        audit(self.binary, self.folder)

    async def caller(self, gateway, name):
        count = 0
        while True:
            # The name is in the prompt, which the provider counts, and in the line, as the user.
            user = f"{name}-{count}"
            body = {"user_id": user, "prompt": user, "max_tokens": 100, "stream": self.chance.random() < 0.5}
            status, _ = await gateway.ask("/generate", body)
            if status in (0, 503):
                await asyncio.sleep(0.01)
            count += 1

    async def end(self):
        """A last start, which writes what the last crash left owing, and an end in order."""
        if self.disk:
            self.disk.free()
        gateway = self.start()
        try:
            gateway.stop()
        finally:
            gateway.kill()
        audit(self.binary, self.folder)
        return ledger(self.folder)


def written_once(folder, when):
    """The number of lines of each request, which is 1."""
    lines = Counter(line["user"] for line in ledger(folder))
    twice = [user for user, count in lines.items() if count > 1]
    check(not twice, f"written more than once {when}: {twice[:5]}")
    return lines


class SmallDisk:
    """A disk with little room in the place of the ledger's folder.

    A tmpfs where this user may mount one; else a limit on the size of files, which is as full to a writer.
    """

    def __init__(self, folder):
        self.logs = pathlib.Path(folder, "logs")
        self.filler = self.logs / "filler"

    def __enter__(self):
        self.logs.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_BYTES}", "tmpfs", self.logs]
        self.is_mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0
        self.is_full = False
        return self

    def __exit__(self, *_):
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", self.logs], check=True)

    def prepare(self):
        """In the gateway's process, before it begins."""
        if not self.is_mounted and self.is_full:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_DISK_BYTES, resource.RLIM_INFINITY))

    def fill_or_free(self):
        if self.is_full:
            self.free()
        else:
            self.fill()

    def fill(self):
        self.is_full = True
        if not self.is_mounted:
            return
        with contextlib.suppress(OSError), self.filler.open("wb", buffering=0) as file:
            while file.write(b"x" * 512):
                pass

    def free(self):
        self.is_full = False
        self.filler.unlink(missing_ok=True)
        if self.is_mounted:
            # Room for what is owed and for the next round's lines.
            subprocess.run(["mount", "-o", "remount,size=64m", self.logs], check=True)


def refuses_read_only(binary, folder):
    """With a ledger's folder that cannot be written the gateway does not start, and says why."""
    logs = pathlib.Path(folder, "logs")
    logs.mkdir()
    is_root = os.geteuid() == 0
    if is_root:
        command = ["mount", "-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", logs]
        if subprocess.run(command, capture_output=True).returncode != 0:
            return "readonly skipped: root may write everywhere, and may not mount here"
    else:
        logs.chmod(0o555)
    try:
        configuration = pathlib.Path(folder, "providers.yaml")
        configuration.write_text("providers: [{name: mock, kind: mock, free: true, reply: Hello}]\n")
        run = subprocess.run([binary, "serve", "--port", "0", "--config", configuration],
                             capture_output=True, text=True, timeout=60)
        check(run.returncode == 1, f"on a read-only folder the gateway ends with {run.returncode}")
        check("ledger" in run.stderr and ("read-only" in run.stderr or "denied" in run.stderr),
              f"on a read-only folder the gateway says: {run.stderr}")
        return f"readonly {run.stderr.strip()}"
    finally:
        if is_root:
            subprocess.run(["umount", logs], check=True)
