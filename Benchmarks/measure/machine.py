"""The machine: its cores, and what /proc says of a process."""

import os
import platform
from dataclasses import dataclass

from .prerequisites import Missing

TICK_MICROSECONDS = 1_000_000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cores:
    """Who runs where: the server that is measured alone on one core, all else on the others."""

    server: int
    others: tuple

    @staticmethod
    def allowed():
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) < 2:
            raise Missing("this needs two cores: one for the server, one for the load and the upstream")
        return Cores(cores[0], tuple(cores[1:]))

    @property
    def everything(self):
        return (self.server, *self.others)


def description():
    load = os.getloadavg()[0]
    return {
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.machine()}",
        "load_average_before": round(load, 2),
    }


def cpu_microseconds(process_id):
    """User and system time of a process so far, of all its threads; in steps of one tick, 10 ms."""
    with open(f"/proc/{process_id}/stat", encoding="ascii") as file:
        # The name in parentheses may hold spaces; utime and stime are the 14th and 15th field.
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_MICROSECONDS


def resident_kilobytes(process_id):
    """Resident memory: all of it, and the part that is the process's own rather than pages of files."""
    sizes = {}
    with open(f"/proc/{process_id}/status", encoding="ascii", errors="replace") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name in ("VmRSS", "RssAnon"):
                sizes[name] = int(value.split()[0])
    return {"all": sizes["VmRSS"], "own": sizes["RssAnon"]}


def children(process_id):
    with open(f"/proc/{process_id}/task/{process_id}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]
