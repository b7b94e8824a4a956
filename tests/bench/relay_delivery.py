#!/usr/bin/env python3
"""Delivery of 200 bytes over three relays: three `relay run` processes, two stations with their carriers, and a crowd of further stations.

    relay_delivery.py --bin DIR [--messages N]"""
import argparse
import random
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "proc"))
from bench.processes import figure, missed, quantile, stage_ms  # noqa: E402
from relay_lines import Line  # noqa: E402
from relays import Venue  # noqa: E402
from support.lab import Lab, Process, require, wait_for  # noqa: E402


class CrowdedLine(Line):
    """A line of two stations in a venue of `stations` stations."""

    def __init__(self, bin_dir, folder, round_ms, epoch_rounds, stations):
        super().__init__(bin_dir, folder, random.Random(1), Venue(bin_dir, folder, round_ms, epoch_rounds, stations, faulty=False))
        self.bin, self.folder, self.crowd, self.size = Path(bin_dir), folder, None, stations - 2

    def gather(self):
        """Beside the two, so many that the venue is full."""
        if self.size == 0:
            return
        tokens, log = self.folder / "tokens", self.folder / "crowd.log"
        tokens.write_text(self.venue.relays[0].command("relay", "invite", "--count", str(self.size)))
        self.crowd = Process([str(self.bin / "relay_crowd"), "--venue", str(self.venue.file), "--invitations", str(tokens)], log)

    def wait_carried(self, seconds):
        """Until the cells of nearly all of the crowd come back."""
        if self.crowd is None:
            return

        def carried():
            require(self.crowd.alive(), "the crowd ended")
            found = re.findall(r"carried (\d+)", (self.folder / "crowd.log").read_text())
            return found and int(found[-1]) >= 0.99 * self.size
        wait_for("the crowd's circuits", carried, seconds)

    def stop(self):
        for party in self.parties:
            party.station.stop()
            party.carrier.stop()
        for process in [self.crowd, *(relay.process for relay in self.venue.relays)]:
            if process:
                process.kill()


def deliver(line, count, round_ms):
    sent = []
    for i in range(count):
        party = line.parties[i % 2]
        body = {"line": line.far(party), "text": "x" * 200, "precedence": "immediate", "grade": "talk"}
        status, answer = party.api("POST", "messages", body)
        require(status == 200, str(answer))
        sent.append((party, answer["id"]))
        time.sleep(line.rng.uniform(0.3, 0.8) * max(0.4, round_ms / 1000))
    time.sleep(6 * round_ms / 1000 + 2)
    times = []
    for party, message in sent:
        status, there = line.other(party).api("GET", f"messages/{message}")
        at = stage_ms(there, "stored", "here") if status == 200 else None
        require(at is not None, "a message did not arrive")
        times.append(at - party.api("GET", f"messages/{message}")[1]["created_ms"])
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--messages", type=int, default=150)
    options = parser.parse_args()
    runs = ((1000, 400, 2, 1.2, 1.9), (1000, 2400, 5000, 1.2, 1.9), (100, 400, 2, 0.3, 0.6), (100, 600, 500, 0.3, 0.6))
    for round_ms, epoch_rounds, stations, p50, p99 in runs:
        with Lab("relay delivery") as folder:
            line = CrowdedLine(options.bin, folder, round_ms, epoch_rounds, stations)
            line.bring_up()
            line.wait_carried(60 + epoch_rounds * round_ms // 1000)
            times = deliver(line, options.messages, round_ms)
            circuits = f"{2 * stations:,} circuits"
            what = f"delivery over three relays, {round_ms / 1000:g} s rounds, {circuits}"
            figure(f"{what}, p50", quantile(times, 0.5) / 1000, p50, "s", "")
            figure(f"{what}, p99", quantile(times, 0.99) / 1000, p99, "s", f"{len(times)} messages of 200 bytes; quiet")
            line.stop()
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
