"""How still the machine itself stands: on each processor a bare timer, in a process of its own, writes down when it was woken late.

The host of a virtual machine stops it for tens of milliseconds now and then, and nothing that runs in it leaves on time then. That
excuses no frame; it says whose fault it was.

    tools/demo_machine.py CPU FILE      lines `due,woken` in nanoseconds UTC, of every beat that came late"""
import os
import sys
import time
from pathlib import Path

BEAT_NS = 2_000_000
LATE_NS = 1_000_000

class Machine:
    def __init__(self, folder, start):
        """start(command, log): a process that ends with the demonstration."""
        self.files = []
        for cpu in sorted(os.sched_getaffinity(0)):
            file = Path(folder) / f"processor-{cpu}.csv"
            start([sys.executable, __file__, str(cpu), str(file)], Path(folder) / f"processor-{cpu}.log")
            self.files.append(file)

    def stopped_ns(self, start, end):
        """How late the latest timer was of those that waited at some time between the two; 0: none did."""
        late = [0]
        for file in self.files:
            for line in file.read_text().split("\n")[:-1]:
                due, woken = map(int, line.split(","))
                if due <= end and start <= woken:
                    late.append(woken - due)
        return max(late)


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
