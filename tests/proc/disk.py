#!/usr/bin/env python3
"""Disks that are full or fail, and a store that is full. What cannot be kept is refused with a sentence, nothing is said to be stored that is
not, and everything goes on once there is room. In a user and mount namespace of its own, so that no root is needed. disk.py --bin DIR"""
import argparse
import errno
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.attack import Disk, exactly_once, now_ns, quiet_logs, skip, steady_wire  # noqa: E402
from support.lab import Failure, Lab, Pair, Party, require, stages, wait_for  # noqa: E402

INSIDE = "SW_TEST_INSIDE_NAMESPACE"
UNSHARE = ["unshare", "--user", "--map-root-user", "--mount"]


def enter():
    probe = subprocess.run([*UNSHARE, "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"], capture_output=True, text=True)
    if probe.returncode != 0:
        skip(f"user and mount namespaces are forbidden here: {probe.stderr.strip()}")
    os.environ[INSIDE] = "1"
    os.execvp(UNSHARE[0], [*UNSHARE, sys.executable, *sys.argv])


def mount(at, megabytes, remount=False):
    at.mkdir(exist_ok=True)
    options = f"{'remount,' if remount else ''}size={megabytes}m,mode=0700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(at)], check=True)


class Filler:
    """All the room that a file system has left."""

    def __init__(self, folder):
        self.file = Path(folder) / "filler"

    def fill(self):
        with open(self.file, "ab", buffering=0) as f:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        f.write(bytes(size))
                except OSError as full:
                    require(full.errno == errno.ENOSPC, str(full))

    def empty(self):
        self.file.unlink(missing_ok=True)


def init_without_room(bin_dir, disk):
    """Refused with the reason, nothing left in the way; with room the same command works."""
    party = Party(bin_dir, disk / "north", "North", "127.0.0.1:0")
    out = party.command("init", "--party", "North", "--passphrase-file", str(party.passphrase_file), ok=None) + party.stderr
    require(party.code == 74 and ("full" in out or "No space" in out), f"init on a full disk: exit {party.code}: {out}")
    require(not list(party.home.glob("station.db*")), "a part of a store was left behind")
    mount(disk, 90, remount=True)
    party.init()


def talk(pair, sent, word):
    for party in pair.parties:
        sent.setdefault(party, []).append(party.send(pair.far[party], f"{word} from {party.name}"))


def full_while_running(pair, filler, sent):
    """Store and log have their size already: the station goes on, also over a restart of either process."""
    filler.fill()
    began = now_ns()
    talk(pair, sent, "on a full disk")
    exactly_once(pair, sent)
    steady_wire(pair, began, now_ns())
    pair.north.carrier.kill()
    pair.north.start_carrier()
    talk(pair, sent, "after the carrier's restart")
    pair.wait_open(30)
    exactly_once(pair, sent)
    pair.north.station.stop()
    filler.fill()
    pair.north.start_station()
    try:
        pair.north.wait_ready()
    except Failure:
        said = (pair.north.home / "station.log").read_text()
        require("full" in said, f"a station that cannot start on a full disk says: {said}")
        filler.empty()
        pair.north.start_station()
        pair.north.wait_ready()
    talk(pair, sent, "after the station's restart")
    out = pair.north.command("backup", str(filler.file.parent / "backup"), ok=None) + pair.north.stderr
    require(pair.north.code in (0, 74) and (pair.north.code == 0 or "full" in out or "No space" in out), f"backup: {out}")
    filler.empty()
    (filler.file.parent / "backup").unlink(missing_ok=True)
    pair.wait_open(30)
    exactly_once(pair, sent)


def failing(pair, disk, sent, number):
    """Every write fails: nothing is said to be stored, the line says that it is this machine, and it all comes right by itself."""
    north, south = pair.parties
    began = now_ns()
    disk.fail(number)
    coming = south.send(pair.far[south], f"to a disk that says {number}")
    going = north.send(pair.far[north], f"from a disk that says {number}")
    wait_for("this machine to be blamed", lambda: north.line(pair.far[north])["blame"] == "this machine", 20)
    time.sleep(1)
    require("stored" not in stages(south.json("show", coming)), "stored was said of a message that is on no disk")
    require("released" not in stages(north.json("show", going)), "released was said of a message that is on no disk")
    require("disk" in north.line(pair.far[north])["detail"], "the sentence names the disk")
    # The carrier's table of peers must catch up by itself as well: a carrier that starts beside a locked station lives on it.
    north.command("line", "address", pair.far[north], pair.observer.a, f"127.0.0.1:{number}")
    time.sleep(0.5)
    disk.fail(0)
    wait_for("the peer table to be written", lambda: struct.pack("<H", number) + bytes(19 * 2) in (north.home / "carrier.peers").read_bytes(), 20)
    sent[south].append(coming)
    sent[north].append(going)
    exactly_once(pair, sent)
    pair.wait_open(30)
    wait_for("the blame to go", lambda: north.line(pair.far[north])["blame"] != "this machine", 20)
    steady_wire(pair, began, now_ns())
    # A power cut while the disk fails: only what was released counts, and all of that is there.
    disk.fail(number)
    coming = south.send(pair.far[south], f"to a disk that says {number}, before the power cut")
    time.sleep(0.5)
    north.station.kill()
    disk.fail(0)
    north.start_station()
    north.wait_ready()
    sent[south].append(coming)
    exactly_once(pair, sent)


def slow(pair, disk, sent):
    """Each sync takes most of a second: messages are stored late, cells are not."""
    began = now_ns()
    disk.fail(-800)
    talk(pair, sent, "on a slow disk")
    for _ in range(40):
        state = pair.south.line(pair.far[pair.south])
        require(state["state"] in ("OPEN", "LATE"), f"a slow disk held up the line: {state}")
        time.sleep(0.1)
    backup_beside(pair.north, pair.folder / "slow.backup")
    exactly_once(pair, sent)
    disk.fail(0)
    steady_wire(pair, began, now_ns())


def backup_beside(party, file):
    """The station answers while a backup is on its way to the disk, and writes one at a time."""
    child = subprocess.Popen([party.binary, "--home", str(party.home), "backup", str(file)], stdout=subprocess.DEVNULL)
    wait_for("the backup's file", Path(f"{file}.stillwire-unfinished").exists, 10)
    require(party.api("GET", "status")[0] == 200 and child.poll() is None, "a backup held up the station")
    require(party.api("POST", "backup", {"path": f"{file}.second"})[0] == 409, "two backups at a time")
    require(child.wait(60) == 0 and not Path(f"{file}.second").exists(), "the backup on a slow disk")


def read_only(party, at):
    """Nothing can be written at all: neither process starts, and each says why."""
    for process in (party.station, party.carrier):
        process.stop()
    subprocess.run(["mount", "-o", "remount,ro", str(at)], check=True)
    for kind, args in (("carrier", ("--listen", party.listen)), ("station", ("--passphrase-file", str(party.passphrase_file)))):
        party.command(kind, *args, ok=(74,))
        require("Read-only" in party.stderr and str(party.home) in party.stderr, f"{kind} on a read-only home: {party.stderr}")
    subprocess.run(["mount", "-o", "remount,rw", str(at)], check=True)
    party.start()


def full_store(pair, bin_dir, folder, sent):
    """Filled to the last row: the sender is refused, the peer is told to wait, and both go on after an export and `line rm`."""
    north, south = pair.parties
    third = Party(bin_dir, folder / "third", "Third", "127.0.0.1:0")
    third.init()
    third.start_station()
    third.wait_ready()
    for party, name in ((third, "north"), (north, "third")):
        party.command("pair", "offer", "--line", name, "--at", "127.0.0.1:9", "--out", str(folder / f"{party.name}.card"))
    north.command("pair", "accept", "--line", "third", str(folder / "Third.card"))
    north.command("pair", "confirm", "--line", "third")
    third.station.kill()
    for size in (1_000_000, 100_000, 10_000, 3_000, 1):
        while True:
            status, answer = north.api("POST", "messages", {"line": "third", "text": "x" * size})
            if status != 200:
                break
    require(status == 507 and answer["code"] == "full" and "export" in answer["detail"], f"{status} {answer}")
    north.command("send", pair.far[north], "--file", "-", text="no room", ok=(73,))
    require("room" in north.stderr, north.stderr)
    require(north.json("status")["store"]["full"], "status says that the store is full")
    waiting = south.send(pair.far[south], "wait until there is room")
    wait_for("the peer to be told to wait", lambda: south.line(pair.far[south])["their_store_full"], 20)
    require("stored" not in stages(south.json("show", waiting)), "stored was said of a message that has no room")
    exported = north.json("export", "third")["messages"]
    require(sum(m["bytes"] for m in exported) > 15_000_000, "the export has everything")
    north.command("line", "rm", "third")
    sent[south].append(waiting)
    exactly_once(pair, sent)
    wait_for("the wait to end", lambda: not south.line(pair.far[south])["their_store_full"], 20)
    talk(pair, sent, "there is room again")
    exactly_once(pair, sent)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    bin_dir = arguments.parse_args().bin
    if INSIDE not in os.environ:
        enter()
    with Lab("disk") as folder:
        fault = Disk(bin_dir, folder / "fault")
        pair = Pair(bin_dir, folder / "pair", round_ms=100, wraps=(fault.wrap, ()))
        small = folder / "pair" / "small"
        mount(small, 20)
        init_without_room(bin_dir, small)
        print("ok init", flush=True)
        # The north lives on the small disk from here on.
        pair.north.home = small / "north"
        pair.south.init()
        for party in pair.parties:
            party.start()
        pair.pair()
        pair.wait_open()
        sent = {}
        full_while_running(pair, Filler(small), sent)
        print("ok full disk", flush=True)
        for number in (errno.EIO, errno.ENOSPC):
            failing(pair, fault, sent, number)
        print("ok failing disk", flush=True)
        slow(pair, fault, sent)
        print("ok slow disk", flush=True)
        read_only(pair.north, small)
        pair.wait_open(30)
        print("ok read-only", flush=True)
        full_store(pair, bin_dir, folder, sent)
        print("ok full store", flush=True)
        quiet_logs(pair)
        pair.stop()
        subprocess.run(["umount", "-l", str(small)], check=True)


main()
