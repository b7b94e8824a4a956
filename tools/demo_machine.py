"""How still the machine itself stands: on each processor a bare timer, in a process of its own, writes down when it was woken late.

The host of a virtual machine stops it for tens of milliseconds now and then, and nothing that runs in it leaves on time then. Only what
the timers show as well is the machine's.

    tools/demo_machine.py CPU FILE      lines `due,woken` in nanoseconds UTC, of every beat that came late"""
import os
import sys
import time
from collections import namedtuple
from pathlib import Path

BEAT_NS = 2_000_000
LATE_NS = 1_000_000

# From when a timer was due to when it was woken, in nanoseconds UTC.
Stop = namedtuple("Stop", "start end")


class Machine:
    def __init__(self, folder, start):
        """start(command, log): a process that ends with the demonstration."""
        self.files = []
        for cpu in sorted(os.sched_getaffinity(0)):
            file = Path(folder) / f"processor-{cpu}.csv"
            start([sys.executable, __file__, str(cpu), str(file)], Path(folder) / f"processor-{cpu}.log")
            self.files.append(file)

    def stops(self):
        out = []
        for file in self.files:
            for line in file.read_text().split("\n")[:-1]:
                out.append(Stop(*map(int, line.split(","))))
        return sorted(out)


def beat(cpu, file):
    os.sched_setaffinity(0, {cpu})
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(os.sched_get_priority_min(os.SCHED_FIFO)))
    except PermissionError:
        pass  # as the carriers, which then are no better off
    with open(file, "w", encoding="ascii", buffering=1) as out:
        due = time.time_ns()
        while True:
            due += BEAT_NS
            time.sleep(max(due - time.time_ns(), 0) / 1e9)
            woken = time.time_ns()
            if woken - due > LATE_NS:
                print(f"{due},{woken}", file=out)
                due = woken


if __name__ == "__main__":
    beat(int(sys.argv[1]), sys.argv[2])
