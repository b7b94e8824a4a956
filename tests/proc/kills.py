#!/usr/bin/env python3
"""SIGKILLs at random moments on either side while both talk: none lost, none doubled, none said `stored` that was not,
and the wire kept its cadence while stations died. kills.py --bin DIR [--kills N] [--seed N]"""
import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.lab import Failure, Lab, Pair, require, stages, wait_for  # noqa: E402


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    arguments.add_argument("--kills", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=None)
    options = arguments.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    rng = random.Random(seed)
    with Lab("kills") as folder:
        pair = Pair(options.bin, folder / "pair", round_ms=50)
        pair.bring_up()
        pair.wait_open()
        sent = {party: {} for party in pair.parties}      # id -> text
        said_stored = {party: set() for party in pair.parties}
        for number in range(options.kills):
            for party in pair.parties:
                text = f"{number} {party.name} " + "x" * rng.choice([0, 10, 300, 3000])
                try:
                    sent[party][party.command("send", pair.far[party], "--wait", "released", "--file", "-", text=text).split()[0]] = text
                except Failure as refused:
                    raise Failure(f"kill {number}: {refused}")
            time.sleep(rng.uniform(0, 0.6))
            party = rng.choice(pair.parties)
            if rng.random() < 0.75:
                party.station.kill()
                time.sleep(rng.choice([0, rng.uniform(0, 0.5)]))
                party.start_station()
                party.wait_ready()
            else:
                party.carrier.kill()
                party.start_carrier()
            for party in pair.parties:
                for message in party.outbox(pair.far[party]):
                    if "stored" in stages(message):
                        said_stored[party].add(message["id"])
        pair.wait_open(60)
        for party, other in ((pair.north, pair.south), (pair.south, pair.north)):
            def arrived():
                return {m["id"] for m in other.inbox(pair.far[other])} >= set(sent[party])
            wait_for(f"everything from {party.name}", arrived, 120)
            got = [m["id"] for m in other.inbox(pair.far[other])]
            require(len(got) == len(set(got)), "a message is there twice")
            require(set(got) == set(sent[party]), f"{len(set(got) - set(sent[party]))} messages nobody sent")
            for message, text in sent[party].items():
                require(other.json("show", message)["text"] == text, "a text arrived changed")
            require(said_stored[party] <= set(got), "stored was said of a message that is not there")
            wait_for("stored said of all", lambda: all("stored" in stages(m) for m in party.outbox(pair.far[party])), 60)
        total = sum(map(len, sent.values()))
        sizes = {size for _, _, size in pair.observer.frames()}
        require(sizes == {1192}, f"sizes on the wire: {sizes}")
        print(f"{options.kills} kills, {total} messages, 0 lost, 0 doubled")
        pair.stop()


main()
