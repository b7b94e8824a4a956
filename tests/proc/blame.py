#!/usr/bin/env python3
"""Who is at fault when a line over three relays breaks, with the real processes on loopback: each relay is stopped (SIGSTOP) and killed, then
the far carrier, the far station and the own carrier; as soon as three rounds brought nothing `line show` names the right one, no other one
before or after, and the line is OPEN again by itself. Printed is what a clock on the wall said, which a busy machine makes longer.
blame.py --bin DIR [--seed N]"""
import argparse
import random
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from relay_lines import Line  # noqa: E402
from support.lab import Lab, require, wait_for  # noqa: E402

ROUND_S = 0.25
MOST_ROUNDS = 3
# The desk waits at least three seconds for its own carrier's word.
SILENT_S = 3 + 2


class Watcher:
    """One side's screen, by the call that `line show` makes."""

    def __init__(self, line, party):
        self.party, self.path = party, f"lines/{line.far(party)}"

    def look(self):
        status, answer = self.party.api("GET", self.path)
        require(status == 200, f"{self.path}: {answer}")
        return answer


def open_everywhere(line):
    for party in line.parties:
        watcher = Watcher(line, party)
        wait_for("OPEN and nobody to blame", lambda: (lambda v: v["state"] == "OPEN" and not v["blame"])(watcher.look()), 120)
    time.sleep(4 * ROUND_S)  # a state that is only passing


def broken(line, what, breaks, mends, expected, seconds=None, looks=8):
    """Breaks it, looks at the screen of the first party for so many rounds, mends it; prints after how many missed rounds it was right."""
    open_everywhere(line)
    watcher = Watcher(line, line.parties[0])
    time.sleep(random.random() * ROUND_S)
    # On a busy machine rounds are missed before anything is broken, too.
    wait_for("a round that is not missed", lambda: (lambda v: v["age_ms"] <= v["round_ms"])(watcher.look()), 60)
    opened, last, right = watcher.look()["rounds_opened"], time.monotonic(), None
    began = time.monotonic()
    breaks()
    until = time.monotonic() + (seconds or looks * ROUND_S)
    while time.monotonic() < until:
        time.sleep(ROUND_S / 20)
        view, now = watcher.look(), time.monotonic()
        if view["rounds_opened"] != opened:
            opened, last = view["rounds_opened"], now
        before = (view["age_ms"] or 0) >= (now - began) * 1000 + view["round_ms"]
        if before and view["blame"] != expected:
            continue
        if view["blame"]:
            require(view["blame"] == expected, f"{what}: {view['blame']} is blamed after {now - began:.2f} s, {view['age_ms']} ms old: {view['strip']}")
            right = right or (now - last, (view["age_ms"] or 0) / view["round_ms"])
        else:
            require((view["age_ms"] or 0) <= MOST_ROUNDS * view["round_ms"], f"{what}: nobody is blamed: {view}")
    require(right is not None, f"{what}: nobody is blamed: {view}")
    # The first missed cell was due a round after the last one that came: by this script's clock, and as the station counts.
    rounds, counted = right[0] / ROUND_S - 1, right[1] - 1
    mended = time.monotonic()
    mends()
    while True:
        view = watcher.look()
        if view["state"] == "OPEN" and not view["blame"]:
            break
        require(time.monotonic() < mended + 120, f"{what}: not OPEN again: {view}")
        time.sleep(ROUND_S / 4)
    print(f"  {what}: {expected}, with {counted:.0f} rounds missed, {rounds:.1f} by the clock; OPEN {(time.monotonic() - mended) / ROUND_S:.0f} rounds after it was mended",
          flush=True)


def operator_is_named(line, relay):
    """The blamed relay's operator, and the row of its venue."""
    open_everywhere(line)
    relay.process.signal(signal.SIGSTOP)
    party = line.parties[0]
    name = line.far(party)
    view = wait_for("the blame", lambda: (lambda v: v["blame"] == f"relay {relay.number}" and v)(Watcher(line, party).look()), 30)
    text = party.command("line", "show", name, ok=None)
    relay.process.signal(signal.SIGCONT)
    require(view["operator"] == relay.name, f"the operator is {view['operator']}")
    require(view["venues"][0]["blame"] == view["blame"] and view["venues"][0]["operator"] == relay.name, f"the venue says {view['venues']}")
    require(f"{view['blame']} ({relay.name})" in text, f"line show: {text}")
    print("ok the operator is named", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    random.seed(options.seed)
    with Lab("blame") as folder:
        line = Line(options.bin, folder, random.Random(options.seed))
        line.venue.round_ms = int(ROUND_S * 1000)
        line.bring_up()
        for party in line.parties:
            party.command("watch", "take", "--initials", "AB")
        here, there = line.parties

        def stopped(process):
            return lambda: process().signal(signal.SIGSTOP), lambda: process().signal(signal.SIGCONT)

        def killed(process, start):
            def again():
                process().kill()  # and it is gone
                start()
            return lambda: process().signal(signal.SIGKILL), again

        for relay in line.venue.relays:
            blame = f"relay {relay.number}"
            broken(line, f"{blame} stopped", *stopped(lambda r=relay: r.process), blame)
            broken(line, f"{blame} killed", *killed(lambda r=relay: r.process, relay.start), blame)
        print("ok relays", flush=True)
        theirs = "their machine or network"
        broken(line, "far station stopped", *stopped(lambda: there.station), theirs)
        broken(line, "far station killed", *killed(lambda: there.station, lambda: (there.start_station(), there.wait_ready())), theirs)
        broken(line, "far carrier stopped", *stopped(lambda: there.carrier), theirs)
        broken(line, "far carrier killed", *killed(lambda: there.carrier, there.start_carrier), theirs)
        print("ok far machine", flush=True)
        broken(line, "own carrier stopped", *stopped(lambda: here.carrier), "this machine", SILENT_S)
        broken(line, "own carrier killed", *killed(lambda: here.carrier, here.start_carrier), "this machine")
        print("ok own machine", flush=True)
        operator_is_named(line, line.venue.relays[2])


if __name__ == "__main__":
    main()
