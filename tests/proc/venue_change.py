#!/usr/bin/env python3
"""A line moves from one venue of relays to another while a megabyte is being sent; relays, carriers and stations are the real processes on
loopback. Both sides add the second venue's file, one proposes it, the other accepts, the old venue is left: the line is OPEN all the time,
and everything arrives once.
venue_change.py --bin DIR [--seed N] [--leave]     --leave: waits for the epoch, out of 48, at which the old venue is left"""
import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from relay_lines import Line  # noqa: E402
from support.lab import Lab, require, stages, wait_for  # noqa: E402
from support.relay import Relay, relay_ports  # noqa: E402
from support.texts import PARAGRAPHS  # noqa: E402

ROUND_MS, EPOCH_ROUNDS = 100, 40
MEGABYTE = 1024 * 1024 - 200  # of text: the message has a head, too


class Hosts:
    """The relays of one venue, and its file."""

    def __init__(self, bin_dir, folder, count):
        folder.mkdir()
        self.round_ms = ROUND_MS
        self.relays = [Relay(bin_dir, folder, i + 1, port) for i, port in enumerate(relay_ports(count))]
        self.file = folder / "test.venue"

    def agree(self):
        for relay in self.relays:
            relay.make()
        cards = [word for relay in self.relays for word in ("--relay", str(relay.card))]
        self.relays[0].command("venue", "make", *cards, "--round-ms", str(ROUND_MS), "--epoch-rounds", str(EPOCH_ROUNDS), "--stations", "2",
                               *(("--noise", "small") if len(self.relays) > 1 else ()), "--out", str(self.file))
        for relay in self.relays + self.relays:
            relay.command("relay", "join", str(self.file))


class MovingLine(Line):
    def __init__(self, bin_dir, folder, rng):
        super().__init__(bin_dir, folder, rng, Hosts(bin_dir, folder / "one", 2))
        self.next = Hosts(bin_dir, folder / "two", 1)
        self.looks, self.late = 0, 0

    def shown(self, party):
        """`line show`, which must say OPEN; LATE for less than a second is the host's, which has rounds of 100 ms to keep."""
        until = time.monotonic() + 1
        while True:
            line = party.line(self.far(party))
            self.looks += 1
            if line["state"] == "OPEN":
                return line
            require(line["state"] == "LATE" and time.monotonic() < until,
                    f"{party.name}'s line is {line['state']}: {line['detail']} {line['venues']}")
            self.late += 1

    def venues(self, party):
        return [venue["venue"] for venue in self.shown(party)["venues"]]

    def act(self, party, *words, ok=(0,)):
        return party.command("line", "venue", self.far(party), *words, ok=ok)


def bring_up_next(line):
    """The second venue, of one relay; its id."""
    line.next.agree()
    tokens = line.next.relays[0].command("relay", "invite", "--count", "2").split()
    for relay in line.next.relays:
        relay.start()
    return tokens


def refused(line, party, words, *args):
    line.act(party, *args, ok=None)
    require(party.code != 0 and words in party.stderr, f"{args}: exit {party.code}, {party.stderr}")


def agree(line, tokens):
    """Proposed by one, who has the file; accepted by the other once it has it, too."""
    here, there = line.rng.sample(line.parties, 2)
    first = line.venues(here)[0]
    refused(line, here, "no such venue", "propose", "0000")
    refused(line, here, "last venue", "rm", first[:8])
    refused(line, here, "in this venue already", "propose", first[:8])
    here.command("venue", "add", str(line.next.file), "--token", tokens[0])
    second = next(v["id"] for v in here.json("venue", "ls")["venues"] if v["id"] != first)
    line.act(here, "propose", second[:8])
    wait_for("the question", lambda: (line.shown(there)["change"] or {}).get("state") == "asked", 30)
    refused(line, there, "does not have venue", "accept")
    refused(line, here, "proposal is under way", "propose", second[:8])
    there.command("venue", "add", str(line.next.file), "--token", tokens[1])
    line.act(there, "accept")
    for party in line.parties:
        wait_for("both have it", lambda: second in line.venues(party), 30)
    epochs = {next(v["from_epoch"] for v in line.shown(p)["venues"] if v["venue"] == second) for p in line.parties}
    require(len(epochs) == 1, f"the two sides begin at {epochs}")
    return first, second


def aged(line, party, venue):
    """How long ago a cell was opened there, ms; nothing when never."""
    return next((v["age_ms"] for v in line.shown(party)["venues"] if v["venue"] == venue), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    parser.add_argument("--leave", action="store_true")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with Lab("venue change") as folder:
        line = MovingLine(options.bin, folder, random.Random(options.seed))
        line.bring_up()
        tokens = bring_up_next(line)
        print("ok paired in the first venue", flush=True)
        sender = line.rng.choice(line.parties)
        text = (" ".join(PARAGRAPHS.values()) * 1000).encode()[:MEGABYTE].decode(errors="ignore")
        file = folder / "megabyte"
        file.write_text(text)
        began = time.monotonic()
        line.said[sender][sender.command("send", line.far(sender), "--file", str(file)).strip()] = text
        first, second = agree(line, tokens)
        print(f"ok agreed after {time.monotonic() - began:.0f} s", flush=True)
        wait_for("cells in the second venue", lambda: all((aged(line, p, second) or 9e9) < 1000 for p in line.parties), 90)
        require("stored" not in stages(sender.outbox(line.far(sender))[0]), "the megabyte was there before the line moved")
        print(f"ok open in both after {time.monotonic() - began:.0f} s, the megabyte under way", flush=True)
        line.act(line.rng.choice(line.parties), "rm", first[:8])
        for party in line.parties:
            wait_for("both to leave", lambda: any(v["leaving_epoch"] for v in line.shown(party)["venues"]), 30)
        line.say(5)
        while "stored" not in stages(next(m for m in sender.outbox(line.far(sender)) if m["bytes"] > 100_000)):
            require(time.monotonic() - began < 300, "the megabyte does not arrive")
            for party in line.parties:
                line.shown(party)
            time.sleep(0.5)
        line.settle()
        print(f"ok the megabyte arrived once, after {time.monotonic() - began:.0f} s", flush=True)
        if options.leave:
            for party in line.parties:
                wait_for("the old venue to be left", lambda: line.venues(party) == [second], 260)
            for relay in line.venue.relays:
                require(relay.process.stop() == 0, f"relay {relay.number} does not stop cleanly")
            line.say(10)
            line.settle()
            time.sleep(2)
            print(f"ok moved, after {time.monotonic() - began:.0f} s; the relays of the first venue are off", flush=True)
        for party in line.parties:
            require(line.shown(party)["continuity"] == "whole", "continuity broke")
        print(f"ok OPEN all the time: {line.looks} looks, LATE for less than a second at {line.late}", flush=True)


if __name__ == "__main__":
    main()
