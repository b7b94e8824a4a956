#!/usr/bin/env python3
"""The real binaries in two network namespaces of their own (inside a user namespace, so that no root is needed), joined by the observer
at 30 % loss and 300 ms each way: everything arrives once, the cadence does not move, and it survives kills. namespaces.py --bin DIR"""
import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.lab import Lab, Pair, Process, require, wait_for  # noqa: E402
from support.texts import PARAGRAPHS, long_text  # noqa: E402

INSIDE = "SW_TEST_INSIDE_NAMESPACE"
UNSHARE = ["unshare", "--user", "--map-root-user", "--net"]


def enter():
    """Runs this script again in a user and network namespace, or says loudly why it cannot."""
    probe = subprocess.run([*UNSHARE, "ip", "link", "set", "lo", "up"], capture_output=True, text=True)
    if probe.returncode != 0:
        print(f"SKIPPED: user and network namespaces are forbidden here: {probe.stderr.strip()}")
        sys.exit(77)
    os.environ[INSIDE] = "1"
    os.execvp(UNSHARE[0], [*UNSHARE, sys.executable, *sys.argv])


def ip(*args):
    subprocess.run(["ip", *args], check=True)


def host(index, folder):
    """A network namespace with one cable to this one; how to run a command in it."""
    holder = Process(["unshare", "--net", "sleep", "900"], folder / f"host{index}.log")
    mine = os.readlink("/proc/self/ns/net")
    wait_for("the namespace", lambda: os.readlink(f"/proc/{holder.pid}/ns/net") != mine, 5)
    ip("link", "add", f"v{index}", "type", "veth", "peer", "name", "e0", "netns", str(holder.pid))
    ip("addr", "add", f"10.77.{index}.1/24", "dev", f"v{index}")
    ip("link", "set", f"v{index}", "up")
    wrap = ["nsenter", f"--net=/proc/{holder.pid}/ns/net", "--"]
    for args in (["addr", "add", f"10.77.{index}.2/24", "dev", "e0"], ["link", "set", "e0", "up"], ["link", "set", "lo", "up"]):
        subprocess.run([*wrap, "ip", *args], check=True)
    return wrap


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    arguments.add_argument("--loss", default="30")
    arguments.add_argument("--delay", default="300")
    arguments.add_argument("--seed", default=str(time.time_ns() % 1_000_000))
    options = arguments.parse_args()
    if INSIDE not in os.environ:
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
