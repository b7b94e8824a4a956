#!/usr/bin/env python3
"""The real binaries in two network namespaces of their own (inside a user namespace, so that no root is needed), joined by the observer
at 30 % loss and 300 ms each way: everything arrives once, the cadence does not move, and it survives kills. namespaces.py --bin DIR"""
import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.lab import Lab, Pair, require, wait_for  # noqa: E402
from support.spaces import enter, host, ip  # noqa: E402
from support.texts import PARAGRAPHS, long_text  # noqa: E402

def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    arguments.add_argument("--loss", default="30")
    arguments.add_argument("--delay", default="300")
    arguments.add_argument("--seed", default=str(time.time_ns() % 1_000_000))
    options = arguments.parse_args()
    enter()
    print(f"seed {options.seed}", flush=True)
    ip("link", "set", "lo", "up")
    with Lab("namespaces") as folder:
        wraps = (host(1, folder), host(2, folder))
        pair = Pair(options.bin, folder / "pair", round_ms=100, wraps=wraps, hosts=("10.77.1.2", "10.77.2.2"),
                    observer_hosts=("10.77.1.1", "10.77.2.1"),
                    impair=("--loss", options.loss, "--delay", options.delay, "--duplicate", "2", "--seed", options.seed))
        pair.bring_up()
        pair.wait_open(90)
        sent = {p: [p.send(pair.far[p], text) for text in PARAGRAPHS.values()] for p in pair.parties}
        sent[pair.north].append(pair.north.send(pair.far[pair.north], long_text(), "--precedence", "routine"))
        time.sleep(3)
        pair.south.station.kill()
        pair.south.start_station()
        pair.south.wait_ready()
        pair.north.carrier.kill()
        pair.north.start_carrier()
        for party, other in ((pair.north, pair.south), (pair.south, pair.north)):
            wait_for(f"everything from {party.name}", lambda: len(other.inbox(pair.far[other])) >= len(sent[party]), 180)
            got = [m["id"] for m in other.inbox(pair.far[other])]
            require(sorted(got) == sorted(sent[party]), "exactly once")
        frames = pair.observer.frames()
        require({size for _, _, size in frames} == {1192}, "one size on the wire")
        print(f"{sum(map(len, sent.values()))} messages exactly once over {len(frames)} frames, {options.loss} % lost, {options.delay} ms each way")
        pair.stop()


main()
