#!/usr/bin/env python3
"""Two of everything: two inits, stations, carriers at once on a home, the same card twice, cards of different rounds, and a copied home that
runs beside the original. Each is refused with a sentence or shown; never silent, nothing lost. doubles.py --bin DIR"""
import argparse
import atexit
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.attack import exactly_once, now_ns, quiet_logs, steady_wire  # noqa: E402
from support.lab import Lab, Pair, Party, free_ports, require, wait_for  # noqa: E402


def together(party, count, *args):
    """The same command so many times at once; whichever stays is ended with the test."""
    children = [subprocess.Popen([party.binary, "--home", str(party.home), *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                for _ in range(count)]
    for child in children:
        atexit.register(child.kill)
    return children


def inits(folder, bin_dir):
    party = Party(bin_dir, folder / "init", "Twice", "127.0.0.1:0")
    children = together(party, 3, "init", "--party", "Twice", "--passphrase-file", str(party.passphrase_file))
    said = [(child.communicate(timeout=60)[0], child.returncode) for child in children]
    require(sorted(code for _, code in said) == [0, 75, 75], f"three inits at once: {said}")
    party.listen = f"127.0.0.1:{free_ports(1)[0]}"
    party.start()
    return party


def processes(party):
    """Three more of each beside the one that runs, and three at once where none runs: one wins."""
    for kind, args in (("carrier", ("--listen", party.listen)), ("station", ("--passphrase-file", str(party.passphrase_file)))):
        for child in together(party, 3, kind, *args):
            out = child.communicate(timeout=60)[0]
            require(child.returncode == 75 and f"a {kind}" in out and "run" in out, f"a second {kind}: exit {child.returncode}: {out}")
    party.station.stop()
    children = together(party, 3, "station", "--passphrase-file", str(party.passphrase_file))
    wait_for("two to give up", lambda: sum(c.poll() is not None for c in children) == 2, 30)
    wait_for("the third to answer", lambda: (party.command("status", ok=None), party.code != 69)[1], 30)
    for child in children:
        code = child.poll()
        require(code in (None, 75), f"three stations at once: {code}")
        if code is None:
            child.terminate()
        child.communicate(timeout=30)
    party.carrier.stop()


def cards(pair):
    """The same card again changes nothing; one of other rounds, and a second confirm, are refused."""
    north, south = pair.parties
    line = pair.far[north]
    files = {p: pair.folder / f"{p.home.name}.card" for p in pair.parties}
    north.command("pair", "offer", "--line", line, "--at", pair.observer.b, "--round-ms", str(pair.round_ms), "--out", str(files[north]))
    south.command("pair", "offer", "--line", pair.far[south], "--at", pair.observer.a, "--round-ms", "500", "--out", str(files[south]))
    north.command("pair", "accept", "--line", line, str(files[south]), ok=(65, 75, 77))
    require("round" in north.stderr, f"a card of other rounds: {north.stderr}")
    south.command("pair", "cancel", "--line", pair.far[south])
    files[south].unlink()
    south.command("pair", "offer", "--line", pair.far[south], "--at", pair.observer.a, "--round-ms", str(pair.round_ms), "--out", str(files[south]))
    first = north.command("pair", "accept", "--line", line, str(files[south]))
    again = north.command("pair", "accept", "--line", line, str(files[south]), ok=(0, 75, 77))
    require(north.code != 0 or again == first, "the same card twice gave two check numbers")
    north.command("pair", "offer", "--line", "other", "--at", pair.observer.b, "--round-ms", str(pair.round_ms), "--out", str(pair.folder / "other.card"))
    north.command("pair", "accept", "--line", "other", str(files[south]), ok=(65, 75, 77))
    north.command("pair", "cancel", "--line", "other")
    south.command("pair", "accept", "--line", pair.far[south], str(files[north]))
    for party in pair.parties:
        party.command("pair", "confirm", "--line", pair.far[party])
        party.command("pair", "confirm", "--line", pair.far[party], ok=(75,))
    pair.wait_open()


def clone(pair, bin_dir, sent):
    """A home that was copied, beside its original: the other side sees that continuity is broken, refuses the copy, and goes on with the
    station that it was paired with."""
    # Whoever has the lower carrier key begins the links, so that a copy of it reaches the other side from anywhere (protocol 3.2).
    original, other = sorted(pair.parties, key=lambda party: (party.home / "carrier.pub").read_text())
    original.station.stop()
    copy = Party(bin_dir, pair.folder / "copy", original.name, f"127.0.0.1:{free_ports(1)[0]}")
    shutil.copytree(original.home, copy.home, ignore=shutil.ignore_patterns("*.sock", "*.log"))
    copy.passphrase_file = original.passphrase_file
    original.start_station()
    original.wait_ready()
    pair.wait_open()
    sent[other].append(other.send(pair.far[other], "before the copy wakes"))
    exactly_once(pair, sent)
    began = now_ns()
    copy.start()
    copy.command("line", "address", pair.far[original], other.listen)
    wait_for("the other side to see it", lambda: other.line(pair.far[other])["continuity"] == "broken", 60)

    def same_groups():
        groups = other.line(pair.far[other])["continuity_check"]
        return groups and any(p.line(pair.far[original])["continuity_check"] == groups for p in (original, copy))
    wait_for("the same groups there and with one of the two", same_groups, 30)
    require("copied" in other.line(pair.far[other])["detail"], "the sentence says that a side was copied")
    sent[other].append(other.send(pair.far[other], "while there are two of them"))
    copy.station.kill()
    copy.carrier.kill()
    # Its frames go to whichever of the two it hears, so the observer has some of them only.
    way = "b>a" if other is pair.south else "a>b"
    steady_wire(pair, began, now_ns(), absent=(way,), only=(way,))
    return original, other


def without_the_copy(pair, original, other, sent):
    """Whichever of the two the other side kept: with the copy gone people compare with the original, or its session is whole already."""
    def settled():
        for party in (other, original):
            line = party.line(pair.far[party])
            if line["continuity"] == "broken":
                party.command("line", "continuity", pair.far[party], "--confirm", ok=(0, 75))
        return all(party.line(pair.far[party])["state"] == "OPEN" for party in pair.parties)
    wait_for("both to be open again", settled, 60)
    exactly_once(pair, sent)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    bin_dir = arguments.parse_args().bin
    with Lab("doubles") as folder:
        processes(inits(folder, bin_dir))
        print("ok inits, stations, carriers", flush=True)
        pair = Pair(bin_dir, folder / "pair", round_ms=100)
        for party in pair.parties:
            party.init()
            party.start()
        cards(pair)
        print("ok cards", flush=True)
        sent = {party: [party.send(pair.far[party], f"from {party.name}")] for party in pair.parties}
        exactly_once(pair, sent)
        without_the_copy(pair, *clone(pair, bin_dir, sent), sent)
        print("ok clone", flush=True)
        quiet_logs(pair)
        pair.stop()


main()
