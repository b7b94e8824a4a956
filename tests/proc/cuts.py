#!/usr/bin/env python3
"""Power cuts (SIGKILL) in the middle of what is done once: init, backup, restore, a new passphrase, panic; and of everything on a side at
once, while both talk. Afterwards a home is as before or as after, never in between. cuts.py --bin DIR [--cuts N] [--seed N]"""
import argparse
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.attack import exactly_once, now_ns, quiet_logs, steady_wire  # noqa: E402
from support.lab import Lab, Pair, Party, Process, require, wait_for  # noqa: E402


def run_for(party, *args, timeout=60):
    """The seconds that a command takes; it must succeed."""
    began = time.monotonic()
    party.command(*args, timeout=timeout)
    return time.monotonic() - began


def cut(party, after, *args):
    """Starts a command and kills it so many seconds later; true when it had ended by itself."""
    child = subprocess.Popen([*party.wrap, party.binary, "--home", str(party.home), *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        child.wait(after)
        return True
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return False


def opens(party, passphrase_file):
    """Does a station start on the home with this passphrase? Otherwise what it says."""
    (party.home / "try.log").write_text("")
    station = Process([party.binary, "--home", str(party.home), "station", "--passphrase-file", str(passphrase_file)], party.home / "try.log")
    try:
        wait_for("the station", lambda: (party.home / "station.sock").exists() or not station.alive(), 30)
        if not station.alive():
            return (party.home / "try.log").read_text()
        party.command("status", ok=(0, 1, 2, 3))
        return None
    finally:
        if station.alive():
            station.signal(signal.SIGTERM)
            station.child.wait(20)


def must_open(party, passphrase_file, when):
    said = opens(party, passphrase_file)
    require(said is None, f"{when}: the station says: {said}")


def inits(folder, bin_dir, rng, cuts):
    party = Party(bin_dir, folder / "init", "Cut", "127.0.0.1:0")
    make = ("init", "--party", "Cut", "--passphrase-file", str(party.passphrase_file))
    whole = run_for(party, *make)
    for i in range(cuts):
        shutil.rmtree(party.home)
        # The last moments, where a store is there already, as often as all the others.
        cut(party, rng.uniform(0, whole) if i % 2 else rng.uniform(0.7, 1.05) * whole, *make)
        if not (party.home / "station.db").exists():
            party.command(*make)
        must_open(party, party.passphrase_file, "after an init that was cut short")


def backups(pair, rng, cuts):
    """Of a running station; and the same backup put back, cut short as well."""
    south = pair.south
    file = pair.folder / "cut.backup"
    whole = run_for(south, "backup", str(file))
    for _ in range(cuts):
        file.unlink()
        after = rng.uniform(0, whole)
        child = subprocess.Popen([south.binary, "--home", str(south.home), "backup", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(after)
        south.station.kill()
        child.wait(20)
        south.start_station()
        south.wait_ready()
        if not file.exists():
            south.command("backup", str(file))
    restored = Party(south.binary.rsplit("/", 1)[0], pair.folder / "restored", "South", "127.0.0.1:0")
    restored.home.mkdir(mode=0o700)
    for name in ("carrier.key", "carrier.pub"):
        shutil.copy2(south.home / name, restored.home / name)
    whole = run_for(restored, "restore", str(file))
    for _ in range(cuts):
        for old in restored.home.glob("station.*"):
            old.unlink()
        cut(restored, rng.uniform(0, whole), "restore", str(file))
        if not (restored.home / "station.db").exists():
            restored.command("restore", str(file))
        must_open(restored, south.passphrase_file, "after a restore that was cut short")
    return restored, file


def passphrases(party, rng, cuts):
    files = [party.passphrase_file, party.passphrase_file.with_suffix(".other")]
    files[1].write_text("another one\n")
    files[1].chmod(0o600)
    whole = None
    for _ in range(cuts):
        party.station = Process([party.binary, "--home", str(party.home), "station", "--passphrase-file", str(files[0])], party.home / "station.log")
        wait_for("the station", lambda: (party.home / "station.sock").exists(), 30)
        party.wait_ready()
        change = ("passphrase", "--passphrase-file", str(files[0]), "--new-passphrase-file", str(files[1]))
        if whole is None:
            whole = run_for(party, *change)
            files.reverse()
            party.station.stop()
            continue
        child = subprocess.Popen([party.binary, "--home", str(party.home), *change], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.5, 1.05) * whole)
        party.station.kill()
        said_done = child.wait(20) == 0
        (party.home / "station.sock").unlink(missing_ok=True)
        new, old = opens(party, files[1]) is None, opens(party, files[0]) is None
        require(new != old, f"after a change that was cut short: the new passphrase opens: {new}, the old one: {old}")
        require(new or not said_done, "a change that was said to be done is lost")
        if new:
            files.reverse()


def panics(party, passphrase_file, backup, rng, cuts):
    for i in range(cuts):
        for old in party.home.glob("station.*"):
            old.unlink()
        party.command("restore", str(backup))
        if i == 0:
            whole = run_for(party, "panic", "--yes")
            continue
        done = cut(party, rng.uniform(0, 1.1) * whole, "panic", "--yes")
        said = opens(party, passphrase_file)
        require(said is None or "erased" in said, f"after a panic that was cut short: {said}")
        require(said is not None or not done, "a panic that ended left a store that opens")
        party.command("panic", "--yes")
        require("erased" in (opens(party, passphrase_file) or ""), "panic again erases")


def all_at_once(pair, rng, cuts):
    """Carrier and station of a side, of both sides, and the observer between them, while both talk."""
    sent = {party: [] for party in pair.parties}
    for i in range(cuts):
        for party in pair.parties:
            # Released: on the own disk. Before that a message is a draft, and a power cut takes it.
            sent[party].append(party.command("send", pair.far[party], "--wait", "released", "--file", "-", text=f"{i} " + "y" * 2000).split()[0])
        time.sleep(rng.uniform(0, 0.5))
        hit = [pair.north] if i % 3 == 0 else [pair.south] if i % 3 == 1 else list(pair.parties)
        processes = [p for party in hit for p in (party.carrier, party.station)] + ([pair.observer.process] if i % 2 else [])
        for process in processes:
            process.signal(signal.SIGKILL)
        for process in processes:
            process.child.wait()
        if i % 2:
            pair.observer.process = Process(pair.observer.process.args, pair.folder / "observer.log")
        for party in hit:
            (party.home / "carrier.sock").unlink()
            party.start()
    pair.wait_open(60)
    exactly_once(pair, sent)


def panic_while_running(pair):
    """Nothing can be read again, not even with the passphrase; the wire does not show it."""
    north = pair.north
    began = now_ns()
    north.command("panic", "--yes")
    north.command("status", ok=(3,))
    north.command("unlock", "--passphrase-file", str(north.passphrase_file), ok=(77,))
    require("erased" in north.stderr, north.stderr)
    time.sleep(2)
    require(north.station.alive() and north.carrier.alive(), "a process ended")
    steady_wire(pair, began, now_ns())
    north.station.kill()
    north.command("station", "--passphrase-file", str(north.passphrase_file), ok=(77,))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    arguments.add_argument("--cuts", type=int, default=4)
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    options = arguments.parse_args()
    print(f"seed {options.seed}", flush=True)
    rng = random.Random(options.seed)
    with Lab("cuts") as folder:
        inits(folder, options.bin, rng, 2 * options.cuts)
        print("ok inits", flush=True)
        pair = Pair(options.bin, folder / "pair", round_ms=100)
        pair.bring_up()
        pair.wait_open()
        all_at_once(pair, rng, options.cuts)
        print("ok all at once", flush=True)
        restored, backup = backups(pair, rng, options.cuts)
        print("ok backups, restores", flush=True)
        restored.passphrase_file.write_text(pair.south.passphrase_file.read_text())
        passphrases(restored, rng, options.cuts)
        print("ok passphrases", flush=True)
        panics(restored, pair.south.passphrase_file, backup, rng, options.cuts)
        panic_while_running(pair)
        print("ok panics", flush=True)
        quiet_logs(pair)
        pair.stop()


main()
