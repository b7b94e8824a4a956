#!/usr/bin/env python3
"""Files of a home that are wrong: modes, links, read-only, unreadable configuration, a newer store, a store cut or removed under a running
station. A sentence that says what to do, nothing said that is not so, the wire as before. files.py --bin DIR"""
import argparse
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.attack import exactly_once, now_ns, quiet_logs, steady_wire  # noqa: E402
from support.lab import Lab, Pair, Party, free_ports, require, stages, wait_for  # noqa: E402


def start(party, kind, passphrase=None):
    """A process that is expected to end at once: (exit code, what it said)."""
    args = ("--listen", party.listen) if kind == "carrier" else ("--passphrase-file", str(passphrase or party.passphrase_file))
    done = subprocess.run([party.binary, "--home", str(party.home), kind, *args], capture_output=True, text=True, timeout=30)
    return done.returncode, done.stderr


def says(got, codes, *words):
    code, text = got
    require(code in codes and all(word in text for word in words), f"exit {code}, not one of {codes} with {words}: {text}")
    require("terminate called" not in text, text)


def modes(party):
    """Open to others: refused, whatever is open, and running again after what the sentence says."""
    for mode in (0o777, 0o750, 0o701):
        party.home.chmod(mode)
        for kind in ("carrier", "station"):
            says(start(party, kind), (77,), "chmod 700", str(party.home))
    party.home.chmod(0o700)
    key = party.home / "carrier.key"
    key.chmod(0o644)
    says(start(party, "carrier"), (77,), "chmod 600", str(key))
    key.chmod(0o600)
    party.passphrase_file.chmod(0o644)
    says(start(party, "station"), (77,), "chmod 600", str(party.passphrase_file))
    party.passphrase_file.chmod(0o600)


def links(party):
    """A home by another name is the same home; a link in the place of a key is not followed."""
    link = party.home.parent / "link"
    link.symlink_to(party.home)
    other = Party(party.binary.rsplit("/", 1)[0], link, party.name, party.listen)
    other.passphrase_file = party.passphrase_file
    other.start()
    says(start(party, "carrier"), (75,), "already runs")
    says(start(party, "station"), (75,), "already running")
    other.station.stop()
    other.carrier.stop()
    link.unlink()
    key = party.home / "carrier.key"
    away = party.home / "away.key"
    key.rename(away)
    key.symlink_to(away)
    says(start(party, "carrier"), (74, 77), "carrier.key")
    key.unlink()
    says(start(party, "carrier"), (66,), "carrier.key", "copy")
    key.write_bytes(b"short")
    key.chmod(0o600)
    says(start(party, "carrier"), (65,), "carrier.key", "copy")
    away.rename(key)
    table = party.home / "carrier.peers"
    kept = table.read_bytes() if table.exists() else None
    table.write_bytes(b"nonsense")
    table.chmod(0o600)
    says(start(party, "carrier"), (65,), "carrier.peers", "remove")
    table.unlink()
    if kept:
        table.write_bytes(kept)
        table.chmod(0o600)


def configurations(party):
    file = party.home / "stillwire.toml"
    for content, words in ((b'[carrier]\nlisen = "127.0.0.1:1"\n', ("line 2", 'did you mean "listen"')),
                           (b'\n[carier]\nlisten = "127.0.0.1:1"\n', ("line 2", 'did you mean "carrier"')),
                           (b'[carrier]\nlisten = 7144\n', ("line 2", "HOST:PORT")),
                           (b'[carrier]\nlisten = "example.org:7144"\n', ("line 2", "HOST:PORT")),
                           (b'[carrier]\nlisten = "\xff\xfe"\n', ("line 2",)),
                           (b"\x00\x01\x02", ("line 1",)),
                           (b"[" * 60_000, ("line 1",)),
                           (b"#" * 100_000, ("64 KiB",))):
        file.write_bytes(content)
        out = party.command("config", "check", ok=(78,)) + party.stderr
        require(all(word in out for word in words), f"{content[:30]}: {out}")
        says(start(party, "carrier"), (78,), "stillwire.toml")
    file.unlink()
    file.mkdir()
    says(start(party, "carrier"), (78,), "stillwire.toml")
    file.rmdir()


def versions(party):
    """Of the file (SQLite's user_version) or of the header: refused by name, and untouched."""
    store = party.home / "station.db"
    good = store.read_bytes()
    newer = bytearray(good)
    newer[63] = 9
    foreign = bytearray(good)
    foreign[68:72] = b"XXXX"
    for content, words in ((newer, ("newer",)), (foreign, ("not a Stillwire store",)), (good[:-1], ("truncated",)), (good + b"x", ("damaged",)), (b"", ("not a",))):
        store.write_bytes(content)
        says(start(party, "station"), (65, 77), *words)
        require(store.read_bytes() == bytes(content), "a store that was refused was touched")
    store.unlink()
    store.mkdir()
    says(start(party, "station"), (65,), "not a Stillwire store")
    store.rmdir()
    says(start(party, "station"), (66,), "stillwire init")
    store.write_bytes(good)
    store.chmod(0o600)
    says(start(party, "station", "/nonexistent"), (66,), "/nonexistent")


def under_a_running_station(pair, sent, what, harm, mend):
    """Nothing more is said to be stored; the line blames this machine; the wire goes on. With the file back, everything comes once."""
    north, south = pair.parties
    began = now_ns()
    north.station.signal(signal.SIGSTOP)  # so that the test knows what was written and what was not
    harm(north.home / "station.db")
    north.station.signal(signal.SIGCONT)
    coming = south.send(pair.far[south], f"after the store was {what}")
    wait_for("this machine to be blamed", lambda: north.line(pair.far[north])["blame"] == "this machine", 30)
    require("stored" not in stages(south.json("show", coming)), f"stored was said after the store was {what}")
    require(north.station.alive(), "the station ended")
    steady_wire(pair, began, now_ns())
    north.station.kill()
    code, text = start(north, "station")
    require(code in (65, 66) and "store" in text, f"a station whose store was {what}: exit {code}: {text}")
    mend(north.home / "station.db")
    north.start_station()
    north.wait_ready()
    sent[south].append(coming)
    pair.wait_open(30)
    exactly_once(pair, sent)


def removed(pair, sent):
    copies = []

    def lose(store):
        copies.append(store.read_bytes())
        store.unlink()

    def put_back(store):
        store.write_bytes(copies[0])
        store.chmod(0o600)
    under_a_running_station(pair, sent, "removed", lose, put_back)


def cut(pair, sent):
    tails = []

    def shorten(store):
        whole = store.stat().st_size
        with open(store, "r+b") as f:
            f.seek(whole // 2)
            tails.append((whole // 2, f.read()))
            f.truncate(whole // 2)

    def lengthen(store):
        with open(store, "r+b") as f:
            f.seek(tails[0][0])
            f.write(tails[0][1])
    under_a_running_station(pair, sent, "cut", shorten, lengthen)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    bin_dir = arguments.parse_args().bin
    with Lab("files") as folder:
        party = Party(bin_dir, folder / "alone", "Alone", f"127.0.0.1:{free_ports(1)[0]}")
        party.init()
        for step in (modes, links, configurations, versions):
            step(party)
            print(f"ok {step.__name__}", flush=True)
        pair = Pair(bin_dir, folder / "pair", round_ms=100)
        pair.bring_up()
        pair.wait_open()
        sent = {p: [p.send(pair.far[p], f"from {p.name}")] for p in pair.parties}
        exactly_once(pair, sent)
        for step in (removed, cut):
            step(pair, sent)
            print(f"ok {step.__name__}", flush=True)
        quiet_logs(pair)
        pair.stop()


main()
