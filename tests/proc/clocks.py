#!/usr/bin/env python3
"""Wall clocks that are wrong: set back a day, forward a year, forward three years, while running and over restarts. The line stays open or
says that it is the clock, comes back when the clock is right, numbers nothing twice, and the wire keeps its cadence. clocks.py --bin DIR"""
import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.attack import Clock, PortTap, exactly_once, now_ns, quiet_logs, steady_wire  # noqa: E402
from support.lab import Lab, Pair, Party, require, wait_for  # noqa: E402

DAY = 86_400
YEAR = 365 * DAY


def talk(pair, sent, word):
    for party in pair.parties:
        sent.setdefault(party, []).append(party.send(pair.far[party], f"{word} from {party.name}"))


def ages_make_sense(pair):
    for party in pair.parties:
        line = party.line(pair.far[party])
        ages = [line["age_ms"], line["machine_age_ms"], line["watch"]["answered_age_ms"]]
        require(all(age is None or age >= 0 for age in ages), f"ages: {ages}")


def while_running(pair, clocks, sent):
    """The carrier reads UTC once: a jump under its feet is nothing at all."""
    for party in pair.parties:
        party.command("watch", "take", "--initials", "AB")
    began = now_ns()
    for north, south in ((-DAY, 0), (YEAR, 0), (YEAR, -DAY), (0, YEAR), (0, 0)):
        clocks[0].set(north)
        clocks[1].set(south)
        talk(pair, sent, f"{north} {south}")
        for _ in range(8):
            for party in pair.parties:
                state = party.line(pair.far[party])
                # A busy machine misses rounds; a jump of the clock would end the line, and for good.
                require(state["state"] in ("OPEN", "LATE") and state["blame"] != "clock", f"clocks at {north} and {south} s: {state}")
            time.sleep(0.05)
        pair.wait_open(10)
        ages_make_sense(pair)
    exactly_once(pair, sent)
    steady_wire(pair, began, now_ns())


def restart(party, tap):
    party.station.stop()
    party.carrier.stop()
    party.start_carrier()
    tap.insert()
    party.start_station()
    party.wait_ready()


def over_restarts(pair, clocks, sent, taps):
    for party, clock, tap in zip(pair.parties, clocks, taps):
        for shift in (-DAY, YEAR, 0):
            clock.set(shift)
            restart(party, tap)
            talk(pair, sent, f"{party.name} at {shift}")
            pair.wait_open(30)
            ages_make_sense(pair)
    exactly_once(pair, sent)


def beyond_reach(pair, clocks, sent, taps):
    """Farther ahead than day keys reach (protocol 4.1): the line is down for as long as the clock is wrong, and not a round longer."""
    clocks[0].set(3 * YEAR)
    restart(pair.north, taps[0])
    talk(pair, sent, "three years")
    line = wait_for("the clock to be blamed", lambda: [p for p in pair.parties if p.line(pair.far[p])["blame"] == "clock"], 30)
    require(len(line) >= 1, "blame clock")
    clocks[0].set(0)
    restart(pair.north, taps[0])
    pair.wait_open(30)
    exactly_once(pair, sent)


def numbers_rise(taps):
    """No cell that a station ever gave has a number at or below one before it. Beyond reach it gives random bytes, which have none."""
    reach = (time.time() + 420 * DAY) / 1800
    for tap in taps:
        require(len(tap.cells) > 50, f"the tap saw {len(tap.cells)} cells")
        last = {}
        for path, epoch, rnd in (c for c in tap.cells if c[1] < reach):
            require(last.get(path, (0, 0)) < (epoch, rnd), f"path {path}: {(epoch, rnd)} after {last.get(path)}")
            last[path] = (epoch, rnd)


def cards(pair, bin_dir, folder):
    """A card made under a wrong clock is refused with a sentence that names the clock."""
    clock = Clock(bin_dir, folder / "third.clock")
    third = Party(bin_dir, folder / "third", "Third", "127.0.0.1:0", clock.wrap)
    third.init()
    for shift, word in ((-20 * DAY, "old"), (20 * DAY, "new")):
        clock.set(shift)
        third.start_station()
        third.wait_ready()
        card = folder / f"{word}.card"
        third.command("pair", "offer", "--line", "there", "--at", "127.0.0.1:9", "--out", str(card))
        third.command("pair", "cancel", "--line", "there")
        third.station.stop()
        pair.north.command("pair", "offer", "--line", "third", "--at", "127.0.0.1:9", "--out", str(folder / "north.card"))
        out = pair.north.command("pair", "accept", "--line", "third", str(card), ok=None) + pair.north.stderr
        require(pair.north.code == 77 and "clock" in out, f"{word}: exit {pair.north.code}: {out}")
        pair.north.command("pair", "cancel", "--line", "third")
        (folder / "north.card").unlink()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    bin_dir = arguments.parse_args().bin
    with Lab("clocks") as folder:
        clocks = [Clock(bin_dir, folder / f"{i}.clock") for i in range(2)]
        pair = Pair(bin_dir, folder / "pair", round_ms=200, wraps=tuple(c.wrap for c in clocks))
        pair.bring_up()
        taps = [PortTap(party.home) for party in pair.parties]
        pair.wait_open()
        sent = {}
        while_running(pair, clocks, sent)
        print("ok while running", flush=True)
        over_restarts(pair, clocks, sent, taps)
        print("ok over restarts", flush=True)
        beyond_reach(pair, clocks, sent, taps)
        print("ok beyond reach", flush=True)
        numbers_rise(taps)
        cards(pair, bin_dir, folder)
        print("ok numbers, cards", flush=True)
        quiet_logs(pair)
        pair.stop()


main()
