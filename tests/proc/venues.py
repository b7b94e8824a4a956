#!/usr/bin/env python3
"""Relays' homes and venue files with the real binary: three relays init, a venue is made, they join in any order, a station keeps it; every bad
file is refused with a sentence and nothing is changed; a disk that is full or fails signs nothing; power cuts in join leave a home that
works. venues.py --bin DIR [--cuts N] [--seed N]"""
import argparse
import errno
import itertools
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.attack import Disk  # noqa: E402
from support.lab import Lab, Party, require  # noqa: E402


class Relay(Party):
    """A relay's home; no process runs on it."""

    def __init__(self, bin_dir, folder, number, wrap=()):
        super().__init__(bin_dir, folder / f"relay{number}", f"Institute {number}", f"192.0.2.{number}:7150", wrap)
        self.card = folder / f"{number}.card"

    def init(self):
        self.command("relay", "init", "--operator", self.name, "--jurisdiction", f"Land of {self.name}", "--listen", self.listen, "--out",
                     str(self.card))

    def join(self, venue, *args, ok=(0,)):
        return self.command("relay", "join", str(venue), *args, ok=ok)

    def kept(self):
        file = self.home / "relay.venue"
        return file.read_text() if file.exists() else None


def make(party, venue, relays, *args, ok=(0,)):
    cards = itertools.chain.from_iterable(("--relay", str(relay.card)) for relay in relays)
    return party.command("venue", "make", *cards, *args, "--out", str(venue), ok=ok)


def signed(text):
    return [int(line.split()[1]) for line in text.splitlines() if line.startswith("signature ")]


def agreement(folder, relays, station):
    """Every order of joining ends in a whole file; a station takes it only whole."""
    for number, order in enumerate(itertools.permutations(relays)):
        venue = folder / f"order{number}.venue"
        make(station, venue, relays, "--stations", str(195 + number))
        draft = venue.read_text()
        done = []
        for relay in order:
            station.command("venue", "add", str(venue), ok=(77,))
            require("not signed by relay" in station.stderr, station.stderr)
            said = relay.join(venue, "--replace")
            require("Institute 1" in said and "as long as at least one of them is honest" in said, f"join shows no venue: {said}")
            done.append(relays.index(relay) + 1)
            text = venue.read_text()
            require(text.startswith(draft) and signed(text) == sorted(done) and relay.kept() == text, f"after {done}: {text}")
    for relay in relays:
        relay.join(venue)
    require(all(relay.kept() == venue.read_text() == text for relay in relays), "a home has not the whole venue")
    shown = station.json("venue", "show", str(venue))
    require(shown["complete"] and [r["operator"] for r in shown["relays"]] == [r.name for r in relays], str(shown))
    require("already" not in station.command("venue", "add", str(venue)), "added twice at once")
    require("already" in station.command("venue", "add", str(venue)), "a second add is not seen")
    require(shown["id"] in station.command("venue", "ls") and "right" in station.command("venue", "check"), "ls and check disagree")
    return venue


def invitations(relays):
    seen = set()
    for count in (1, 3):
        lines = relays[0].command("relay", "invite", "--count", str(count)).split()
        require(len(lines) == count and all(line.startswith("SW1-INVITE:") for line in lines), str(lines))
        seen.update(lines)
    require(len(seen) == 4, "an invitation was given twice")
    relays[1].command("relay", "invite", ok=(77,))
    require("first relay" in relays[1].stderr, relays[1].stderr)


def refused(relay, venue, text, part):
    """Joining and adding this text changes nothing and says `part`."""
    before = relay.kept()
    venue.write_bytes(text.encode())
    relay.join(venue, ok=(65, 75, 77))
    require(part in relay.stderr, f"wanted \"{part}\": {relay.stderr}")
    require(venue.read_bytes() == text.encode() and relay.kept() == before, "a refused venue was changed or kept")


def bad_files(folder, relays, station, good):
    text = good.read_text()
    draft = text[:text.index("signature 1 ")]
    signatures = text[len(draft):].splitlines(keepends=True)
    venue = folder / "bad.venue"
    first = relays[0]
    refused(first, venue, text.replace("stations 200", "stations 201"), "changed after it was signed")
    refused(first, venue, draft + signatures[0] + signatures[1].replace("signature 2", "signature 3"), "signature 3 is not that relay's")
    refused(first, venue, draft + signatures[1] + signatures[0], "each once and in the chain's order")
    refused(first, venue, draft.replace("slots 1", "slot 1"), "line 6 of the venue file must be \"slots ...\"")
    refused(first, venue, text + "relay 4\n", "does not belong there")
    refused(first, venue, draft.replace("\n", "\r\n"), "line 1 of the venue file")
    refused(first, venue, draft.replace("epoch-rounds 1800", "epoch-rounds 40").replace("lead-rounds 60", "lead-rounds 20"), "would do")
    refused(first, venue, draft.replace("stations 200", "stations 100"), "--replace")
    blocks = draft.split("relay ")
    refused(first, venue, blocks[0] + "relay " + "relay ".join((blocks[1], "2" + blocks[1][1:], blocks[3])), "have one id")
    refused(first, venue, draft + "x" * 20_000, "")
    stranger = Relay(first.binary.rsplit("/", 1)[0], folder, 9)
    stranger.init()
    refused(stranger, venue, draft, "this relay is not in this venue")
    card = stranger.card.read_text()
    stranger.card.write_text(card.replace("Institute 9", "Institute 1"))
    make(station, venue, [relays[0], stranger], ok=(65,))
    require("not signed by its own relay" in station.stderr, station.stderr)
    for part in (signatures[:2], signatures[1:], []):
        venue.write_text(draft + "".join(part))
        station.command("venue", "add", str(venue), ok=(77,))
        require("not signed by relay" in station.stderr, station.stderr)


def bad_makes(folder, relays, station):
    out = folder / "never.venue"
    kem = station.json("version")["ml_kem"]
    for args, code, part in (((relays, "--epoch-rounds", "100"), 77, "epoch-rounds"), ((relays, "--stations", "1000000"), 77, "stations"),
                             ((relays, "--noise", "besieged", "--stations", "5000"), 77, "would do"),
                             ((relays, "--slots", "16", "--epoch-rounds", "200", "--stations", "2"), 77, "slots"),
                             ((relays[:1] * 2,), 75, "relays 1 and 2 have one id"), ((relays[:1], "--noise", "small"), 64, "noise none"),
                             ((relays, "--noise", "none"), 64, "single relay"), ((relays + relays[:1],), 64, "one to three relays"),
                             ((relays, "--slots", "17"), 64, "slots must be from 1 to 16"), ((relays, "--suite", "2"), 77, "ML-KEM")):
        if kem and "--suite" in args:
            continue
        make(station, out, *args, ok=(code,))
        require(part in station.stderr and not out.exists(), f"{args[1:]}: {station.stderr}")
    out.write_text("mine")
    make(station, out, relays, ok=(75,))
    require(out.read_text() == "mine", "a file was written over")


def kept_files(station):
    """What is changed on the station's disk is found, and adding it again mends it."""
    file = next((station.home / "venues").glob("*.venue"))
    text = file.read_text()
    for wrong in (text.replace("slots 1", "slots 2"), text[:-40], text[:text.index("signature 2")], "", text + "\n"):
        file.write_text(wrong)
        said = station.command("venue", "check", ok=(65,))
        require(f"{file.name}: WRONG: " in said, said)
        require("WRONG" in station.command("venue", "ls"), "ls shows a wrong venue as one")
    file.write_text(text)
    (station.home / "venues" / "note.txt").write_text("x")
    require("note.txt: WRONG" in station.command("venue", "check", ok=(65,)), "a foreign file is not seen")
    (station.home / "venues" / "note.txt").unlink()
    station.command("venue", "check")


def failing_disk(bin_dir, folder, relays, station):
    """Nothing is signed, invited or kept that the disk does not hold."""
    fault = Disk(bin_dir, folder / "fault")
    venue = folder / "disk.venue"
    make(station, venue, relays[:2], "--noise", "small")
    draft = venue.read_text()
    first = relays[0]
    before = first.kept()
    for party in (first, station):
        party.wrap = fault.wrap
    for number in (errno.ENOSPC, errno.EIO):
        fault.fail(number)
        first.join(venue, "--replace", ok=(74,))
        require("not signed" in first.stderr, first.stderr)
        require(venue.read_text() == draft and first.kept() == before, "a signature was given that the home does not have")
        said = first.command("relay", "invite", ok=(74,))
        require("SW1-INVITE" not in said, "an invitation was given whose serial may come again")
        make(station, folder / "full.venue", relays, ok=(74,))
        require(not (folder / "full.venue").exists(), "a part of a venue file was left behind")
        new = Relay(bin_dir, folder, f"-full{number}", fault.wrap)
        new.listen = "192.0.2.77:7150"
        new.command("relay", "init", "--operator", "N", "--jurisdiction", "L", "--listen", new.listen, "--out", str(new.card), ok=(74,))
        require(not new.card.exists() and not list(new.home.glob("relay.key*")), "a part of a key was left behind")
        fault.fail(0)
        new.init()
    first.join(venue, "--replace")
    require(signed(venue.read_text()) == [1] and first.kept() == venue.read_text(), "with room the same command works")
    for party in (first, station):
        party.wrap = []


def cuts(folder, bin_dir, station, rng, count):
    """SIGKILL in init and join: afterwards the same command works, with the same keys, and no signature is out that the home lacks."""
    for number in range(count):
        relay = Relay(bin_dir, folder, 100 + number)
        relay.listen = "192.0.2.100:7150"
        shutil.rmtree(relay.home, ignore_errors=True)
        args = ("relay", "init", "--operator", "N", "--jurisdiction", "L", "--listen", relay.listen, "--out", str(relay.card))
        kill_within(relay, rng.uniform(0, 0.02), *args)
        key = (relay.home / "relay.key").read_bytes() if (relay.home / "relay.key").exists() else None
        if not (relay.home / "relay.card").exists():
            relay.command(*args)
        elif not relay.card.exists():
            shutil.copy(relay.home / "relay.card", relay.card)
        require(key in (None, (relay.home / "relay.key").read_bytes()), "a key was made anew")
        venue = folder / f"cut{number}.venue"
        make(station, venue, [relay])
        kill_within(relay, rng.uniform(0, 0.02), "relay", "join", str(venue))
        require(not signed(venue.read_text()) or relay.kept() == venue.read_text(), "a signature is out that the home does not have")
        relay.join(venue)
        station.command("venue", "add", str(venue))
    station.command("venue", "check")


def kill_within(party, seconds, *args):
    child = subprocess.Popen([party.binary, "--home", str(party.home), *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    child.kill()
    child.wait()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    arguments.add_argument("--cuts", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    options = arguments.parse_args()
    print(f"seed {options.seed}", flush=True)
    with Lab("venues") as folder:
        relays = [Relay(options.bin, folder, number) for number in (1, 2, 3)]
        for relay in relays:
            relay.init()
            relay.command("relay", "init", "--operator", "X", "--jurisdiction", "Y", "--listen", "192.0.2.9:1", "--out", str(folder / "x"), ok=(75,))
        station = Party(options.bin, folder / "station", "North", "127.0.0.1:0")
        station.init()
        venue = agreement(folder, relays, station)
        invitations(relays)
        print("ok agreement, invitations", flush=True)
        bad_files(folder, relays, station, venue)
        bad_makes(folder, relays, station)
        kept_files(station)
        print("ok bad files", flush=True)
        failing_disk(options.bin, folder, relays, station)
        print("ok failing disk", flush=True)
        cuts(folder, options.bin, station, random.Random(options.seed), options.cuts)
        print("ok power cuts", flush=True)


main()
