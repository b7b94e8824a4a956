#!/usr/bin/env python3
"""A venue with two slots, and one of suite 2 where libcrypto has ML-KEM, as real processes on loopback: a station with two lines at once
over three relays, messages exactly once on each, also after a relay was killed; no message strays to the other line.
relay_slots.py --bin DIR [--messages N] [--seed N]"""
import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from relays import Venue  # noqa: E402
from support.lab import Lab, Party, free_ports, require, stages, wait_for  # noqa: E402

ROUND_MS = 200


class SlottedVenue(Venue):
    def __init__(self, bin_dir, folder, slots, suite):
        super().__init__(bin_dir, folder, ROUND_MS)
        self.slots, self.suite = slots, suite

    def agree(self):
        for relay in self.relays:
            relay.make()
        cards = [word for relay in self.relays for word in ("--relay", str(relay.card))]
        self.relays[0].command("venue", "make", *cards, "--round-ms", str(ROUND_MS), "--epoch-rounds", "400", "--stations", "3", "--noise",
                               "small", "--slots", str(self.slots), "--suite", str(self.suite), "--out", str(self.file))
        for _ in range(2):
            for relay in self.relays:
                relay.command("relay", "join", str(self.file))


def pair(folder, venue, hub, name, other):
    """A line `name` of the hub with the other station, which calls it `hub`."""
    cards = {}
    ends = ((hub, name), (other, "hub"))
    for party, line in ends:
        cards[party] = folder / f"{party.home.name}-{line}.card"
        party.command("pair", "offer", "--line", line, "--venue", venue[:8], "--out", str(cards[party]))
    for (party, line), (there, _) in zip(ends, reversed(ends)):
        party.command("pair", "accept", "--line", line, str(cards[there]))
    for party, line in ends:
        party.command("pair", "confirm", "--line", line)


def talk(hub, spokes, count, rng, said):
    for _ in range(count):
        name, other = rng.choice(spokes)
        party, line, there, back = rng.choice(((hub, name, other, "hub"), (other, "hub", hub, name)))
        said.setdefault((party, line, there, back), []).append(party.send(line, f"{party.name} on {name} {rng.random()}"))


def exactly_once(said):
    for (party, line, there, back), ids in said.items():
        wait_for("everything stored there", lambda: all("stored" in stages(m) for m in party.outbox(line)), 180)
        require(sorted(m["id"] for m in there.inbox(back)) == sorted(ids), f"{party.name} on {line}: not exactly once")


def run(bin_dir, folder, slots, suite, messages, rng):
    folder.mkdir()
    venue = SlottedVenue(bin_dir, folder, slots, suite)
    venue.agree()
    names = ("hub", "east", "west")[:slots + 1]
    tokens = venue.relays[0].command("relay", "invite", "--count", str(len(names))).split()
    for relay in venue.relays:
        relay.start()
    parties = []
    for name, port, token in zip(names, free_ports(len(names)), tokens):
        party = Party(bin_dir, folder / name, name.capitalize(), f"127.0.0.1:{port}")
        party.init()
        party.command("venue", "add", str(venue.file), "--token", token)
        party.start()
        parties.append(party)
    hub, spokes = parties[0], list(zip(names[1:], parties[1:]))
    number = hub.json("venue", "ls")["venues"][0]["id"]
    for name, other in spokes:
        pair(folder, number, hub, name, other)

    def opened(seconds):
        for name, other in spokes:
            hub.wait_state(name, "OPEN", seconds)
            other.wait_state("hub", "OPEN", seconds)
    # A line whose drops came after the set-ups of the four epochs ahead waits for the next set-up.
    opened(240)
    said = {}
    talk(hub, spokes, messages, rng, said)
    exactly_once(said)
    relay = rng.choice(venue.relays)
    relay.process.kill()
    talk(hub, spokes, messages // 4, rng, said)
    time.sleep(2)
    relay.start()
    began = time.monotonic()
    wait_for("the lines to be missed", lambda: any(p.line("hub")["state"] != "OPEN" for _, p in spokes), 10)
    opened(240)
    print(f"  relay {relay.number} back: OPEN after at most {(time.monotonic() - began) * 1000 / ROUND_MS:.0f} rounds", flush=True)
    exactly_once(said)
    for process in (*(p.station for p in parties), *(p.carrier for p in parties), *(r.process for r in venue.relays)):
        require(process.stop() == 0, "a process does not stop cleanly")
    print(f"ok {slots} slots, suite {suite}: {sum(map(len, said.values()))} messages exactly once on {len(spokes)} lines", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--messages", type=int, default=40)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with Lab("relay slots") as folder:
        rng = random.Random(options.seed)
        run(options.bin, folder / "slots", 2, 1, options.messages, rng)
        if Party(options.bin, folder / "none", "None", "").json("version")["ml_kem"]:
            run(options.bin, folder / "suite", 1, 2, options.messages, rng)
        else:
            print("suite 2 is left out: this libcrypto has no ML-KEM", flush=True)


if __name__ == "__main__":
    main()
