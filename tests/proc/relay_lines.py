#!/usr/bin/env python3
"""A line over three relays, all of them the real processes on loopback: paired by cards that name the venue and no address, it carries
messages exactly once across epochs, while every relay, a station and a carrier are killed in turn and come back.
relay_lines.py --bin DIR [--messages N] [--epochs N] [--seed N]"""
import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from relays import Venue  # noqa: E402
from support.lab import Lab, Party, free_ports, require, stages, wait_for  # noqa: E402
from support.texts import PARAGRAPHS  # noqa: E402

FAR = {"north": "far-south", "south": "far-north"}


class Line:
    """Two stations in one venue, and the line between them."""

    def __init__(self, bin_dir, folder, rng, venue=None):
        self.venue = venue or Venue(bin_dir, folder, 100)
        self.rng = rng
        self.parties = [Party(bin_dir, folder / name, name.capitalize(), f"127.0.0.1:{port}") for name, port in zip(FAR, free_ports(2))]
        self.said = {party: {} for party in self.parties}

    def far(self, party):
        return FAR[party.home.name]

    def other(self, party):
        return self.parties[1 - self.parties.index(party)]

    def bring_up(self):
        self.venue.agree()
        tokens = self.venue.relays[0].command("relay", "invite", "--count", "2").split()
        for relay in self.venue.relays:
            relay.start()
        self.gather()
        for party, token in zip(self.parties, tokens):
            party.init()
            party.command("venue", "add", str(self.venue.file), "--token", token)
            party.start()
        name = self.parties[0].json("venue", "ls")["venues"][0]["id"]
        cards = {}
        for party in self.parties:
            cards[party] = party.home.parent / f"{party.home.name}.card"
            party.command("pair", "offer", "--line", self.far(party), "--venue", name[:8], "--out", str(cards[party]))
        for party in self.parties:
            party.command("pair", "accept", "--line", self.far(party), str(cards[self.other(party)]))
        for party in self.parties:
            party.command("pair", "confirm", "--line", self.far(party))
        self.wait_open(120 + 65 * self.venue.round_ms // 1000)
        line = self.parties[0].line(self.far(self.parties[0]))
        require(line["venue"] == name and [v["venue"] for v in line["venues"]] == [name], f"the line shows another venue: {line}")

    def gather(self):
        """Further stations, where there are any."""

    def wait_open(self, seconds):
        for party in self.parties:
            party.wait_state(self.far(party), "OPEN", seconds)

    def say(self, count):
        for _ in range(count):
            party = self.rng.choice(self.parties)
            text = f"{len(self.said[party])} {self.rng.choice(list(PARAGRAPHS.values()))[:self.rng.randrange(20, 200)]}"
            self.said[party][party.send(self.far(party), text)] = text

    def settle(self, seconds=180):
        """Everything that was said is stored there, once, word for word."""
        for party in self.parties:
            wait_for("everything stored there", lambda: all("stored" in stages(m) for m in party.outbox(self.far(party))), seconds)
            sent = {m["id"] for m in party.outbox(self.far(party))}
            require(sent == set(self.said[party]), f"{party.name} has {len(sent)} sent messages, not {len(self.said[party])}")
            there = self.other(party)
            got = [there.json("show", m["id"])["text"] for m in there.inbox(self.far(there))]
            require(sorted(got) == sorted(self.said[party].values()),
                    f"{there.name} has {len(got)} messages of {len(self.said[party])}: {len(set(self.said[party].values()) - set(got))} lost")

    def epoch(self):
        return min(relay.count("epoch") for relay in self.venue.relays)


def epochs(line, messages, wanted):
    """Talks while epochs pass."""
    first = wait_for("an epoch", line.epoch, 60)
    passed, said = {first}, 0
    until = time.monotonic() + 60 + 15 * wanted
    while len(passed) < wanted + 1:
        require(time.monotonic() < until, f"epochs {sorted(passed)} only")
        if said < messages:
            line.say(1)
            said += 1
        time.sleep(0.2)
        passed.add(line.epoch() or first)
    line.say(messages - said)
    line.settle()
    print(f"  {messages} messages across {len(passed)} epochs", flush=True)


def killed(line, messages):
    """kill -9 of each relay, a station and a carrier, while messages are under way."""
    for relay in line.venue.relays:
        line.say(messages)
        relay.process.kill()
        time.sleep(1)
        line.say(messages)
        relay.start()
        began = time.monotonic()
        wait_for("the line to be missed", lambda: any(p.line(line.far(p))["state"] != "OPEN" for p in line.parties), 10)
        line.wait_open(90)
        print(f"  relay {relay.number} killed and back: OPEN after {(time.monotonic() - began) / 0.1:.0f} rounds", flush=True)
        line.settle()
    party = line.rng.choice(line.parties)
    for what in ("station", "carrier"):
        line.say(messages)
        # What is not on the disk yet may be lost with the station; until then it is not shown as released.
        wait_for("released", lambda: all("released" in stages(m) for m in party.outbox(line.far(party))), 30)
        getattr(party, what).kill()
        time.sleep(1)
        party.start_station() if what == "station" else party.start_carrier()
        party.wait_ready()
        line.say(messages)
        line.wait_open(90)
        line.settle()
    for relay in line.venue.relays:
        require(relay.process.alive(), f"relay {relay.number} ended: {relay.said()[-1000:]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--messages", type=int, default=30)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with Lab("relay lines") as folder:
        line = Line(options.bin, folder, random.Random(options.seed))
        line.bring_up()
        print("ok paired through relays only", flush=True)
        epochs(line, options.messages, options.epochs)
        print("ok epochs", flush=True)
        killed(line, max(2, options.messages // 10))
        print("ok killed", flush=True)


if __name__ == "__main__":
    main()
