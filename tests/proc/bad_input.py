#!/usr/bin/env python3
"""Bad input to the real binaries: each is refused with a clear sentence, nothing is lost, nothing on the wire changes. bad_input.py --bin DIR"""
import argparse
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.lab import Lab, Pair, Party, free_ports, require, wait_for  # noqa: E402


def refused(party, code, *args, says, text=None):
    """The command exits `code` and its message has the word `says`."""
    codes = code if isinstance(code, tuple) else (code,)
    out = party.command(*args, ok=None, text=text) + party.stderr
    require(party.code in codes, f"{args} exited {party.code}, not {codes}: {out}")
    require(says.lower() in out.lower(), f"{args} does not say '{says}': {out}")
    require("Traceback" not in out and "terminate called" not in out, out)


def cards(pair):
    north = pair.north
    good = (pair.folder / "south.card").read_text()
    (pair.folder / "bad.card").write_text(good[:-6] + "AAAAA\n")
    (pair.folder / "short.card").write_text(good[:40])
    (pair.folder / "empty.card").write_text("")
    (pair.folder / "huge.card").write_bytes(os.urandom(3_000_000))
    north.command("pair", "offer", "--line", "spare", "--at", "127.0.0.1:9", "--out", str(pair.folder / "spare.card"))
    for name, says in (("bad", "card"), ("short", "card"), ("empty", "card"), ("huge", "longer")):
        refused(north, (64, 65), "pair", "accept", "--line", "spare", str(pair.folder / f"{name}.card"), says=says)
    refused(north, (65, 75, 77), "pair", "accept", "--line", "spare", str(pair.folder / "spare.card"), says="this station")
    refused(north, (65, 75, 77), "pair", "accept", "--line", "spare", str(pair.folder / "south.card"), says="")
    refused(north, 66, "pair", "accept", "--line", "nowhere", str(pair.folder / "south.card"), says="nowhere")
    refused(north, (64, 65), "pair", "offer", "--line", "x", "--at", "example.org:7144", "--out", str(pair.folder / "x.card"), says="address")
    refused(north, (64, 65), "pair", "offer", "--line", "x", "--at", "127.0.0.1:1", "--round-ms", "7", "--out", str(pair.folder / "x.card"), says="round")
    north.command("pair", "cancel", "--line", "spare")


def texts(pair):
    north, line = pair.north, pair.far[pair.north]
    refused(north, (65, 73), "send", line, "--file", "-", text="x" * 10_000_000, says="longer")
    bad = pair.folder / "bad.txt"
    bad.write_bytes(b"ok \xff\xfe not ok")
    refused(north, 65, "send", line, "--file", str(bad), says="UTF-8")
    bad.write_bytes(b"")
    refused(north, (64, 65), "send", line, "--file", str(bad), says="empty")
    refused(north, 64, "send", line, "--precedence", "urgent", "--file", str(bad), says="urgent")
    refused(north, 66, "send", "nowhere", "--file", "-", text="x", says="nowhere")
    refused(north, 66, "show", "0" * 32, says="")
    bidi = "abc \u202egnp.exe\u202c \x1b[31mred\x1b[0m"
    message = north.send(line, bidi)
    wait_for("the bidi text", lambda: any(m["id"] == message for m in pair.south.inbox(pair.far[pair.south])), 30)
    shown = pair.south.command("show", message)
    require("\u202e" not in shown and "\x1b" not in shown and "202E" in shown.upper(), f"bidi and escapes are made visible: {shown!r}")


def api(pair):
    path = str(pair.north.home / "station.sock")

    def raw(payload):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(5)
        s.connect(path)
        try:
            s.sendall(payload)
            s.shutdown(socket.SHUT_WR)
            return s.recv(65536).decode(errors="replace")
        except OSError:
            return ""
        finally:
            s.close()

    def post(body):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return raw(b"POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(data) + data)

    for body in (b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000, {"line": 7}, {"line": "x", "nonsense": 1}, {"line": pair.far[pair.north]}):
        answer = post(body)
        require(answer.split(" ")[1:2] and answer.split(" ")[1][0] == "4", f"{str(body)[:40]}: {answer[:200]}")
        require("problem+json" in answer, answer[:300])
    rng = random.Random(7)
    for _ in range(200):
        raw(bytes(rng.randrange(256) for _ in range(rng.randrange(400))))
    require("404" in raw(b"GET /api/v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n"), "unknown path")
    require(pair.north.json("status")["lines"], "the station still answers")


def wire(pair):
    """Noise at both UDP ports: no answer, no effect."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", 0))
    s.settimeout(0.5)
    rng = random.Random(11)
    for party in pair.parties:
        address, port = party.listen.rsplit(":", 1)
        for size in [0, 1, 16, 48, 104, 1191, 1192, 1193, 4000] * 10:
            s.sendto(rng.randbytes(size), (address, int(port)))
    try:
        answer = s.recv(4096)
        require(False, f"a stranger got {len(answer)} bytes back")
    except TimeoutError:
        pass
    pair.wait_open()


def homes(pair, bin_dir):
    north = pair.north
    refused(north, 75, "init", "--party", "Again", "--passphrase-file", str(north.passphrase_file), says="already")
    second = subprocess.run([north.binary, "--home", str(north.home), "station", "--passphrase-file", str(north.passphrase_file)],
                            capture_output=True, text=True, timeout=20)
    require(second.returncode == 75 and "running" in second.stderr.lower(), f"second station: {second.returncode} {second.stderr}")
    taken = subprocess.run([north.binary, "--home", str(north.home), "carrier", "--listen", north.listen], capture_output=True, text=True, timeout=20)
    require(taken.returncode in (74, 75), f"second carrier: {taken.returncode} {taken.stderr}")
    other = Party(bin_dir, pair.folder / "other", "Other", north.listen)
    other.init()
    taken = subprocess.run([north.binary, "--home", str(other.home), "carrier", "--listen", north.listen], capture_output=True, text=True, timeout=20)
    require(taken.returncode == 75 and "taken" in taken.stderr.lower(), f"port taken: {taken.returncode} {taken.stderr}")
    long_home = pair.folder / ("d" * 120)
    party = Party(bin_dir, long_home, "Long", "127.0.0.1:0")
    out = party.command("init", "--party", "Long", "--passphrase-file", str(party.passphrase_file), ok=None) + party.stderr
    if party.code == 0:
        done = subprocess.run([party.binary, "--home", str(long_home), "carrier", "--listen", f"127.0.0.1:{free_ports(1)[0]}"], capture_output=True, text=True, timeout=20)
        out, party.code = done.stderr, done.returncode
    require(party.code != 0 and "long" in out.lower() and "--home" in out, f"socket path too long: {out}")
    (other.home / "stillwire.toml").write_text('[carrier]\nlisen = "127.0.0.1:1"\n')
    refused(other, 78, "config", "check", says="listen")
    refused(other, 78, "config", "check", says="2")


def stores(pair, bin_dir):
    """Wrong passphrase, truncated, foreign: a clear error, and the file is untouched."""
    other = Party(bin_dir, pair.folder / "stores", "Stores", "127.0.0.1:0")
    other.init()
    database = other.home / "station.db"
    good = database.read_bytes()

    def start(passphrase_file):
        return subprocess.run([other.binary, "--home", str(other.home), "station", "--passphrase-file", str(passphrase_file)],
                              capture_output=True, text=True, timeout=30)
    wrong = pair.folder / "wrong"
    wrong.write_text("wrong\n")
    wrong.chmod(0o600)
    cases = (("passphrase", good, wrong), ("trunc", good[: len(good) // 2], other.passphrase_file), ("stillwire", b"not a database" * 1000, other.passphrase_file))
    for says, content, passphrase in cases:
        database.write_bytes(content)
        done = start(passphrase)
        require(done.returncode not in (0, -6, -11), f"{says}: exit {done.returncode}")
        require(says in done.stderr.lower(), f"{says}: {done.stderr}")
        require(database.read_bytes() == content, f"{says}: the file was touched")
    database.write_bytes(good)
    other.command("panic", "--yes")
    done = start(other.passphrase_file)
    require(done.returncode != 0 and "erased" in done.stderr.lower(), f"after panic: {done.stderr}")


def usage(pair):
    north = pair.north
    for args in (["nonsense"], [], ["line"], ["send"], ["stage", "x", "nonsense", "--initials", "AB"], ["watch", "take"], ["pair", "offer"]):
        out = north.command(*args, ok=None)
        require(north.code >= 64, f"{args}: exit {north.code} {out}")
    for address in ("0.0.0.0:1", "[::]:1", "127.0.0.1:0", "example.org:1"):
        refused(north, 64, "line", "address", pair.far[north], address, says="address")
    refused(north, 65, "backup", os.fsdecode(b"/tmp/\xff"), says="UTF-8")
    for shell in ("bash", "zsh", "fish"):
        require("stillwire" in north.command("completion", shell), f"completion {shell}")
    north.command("version")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    bin_dir = arguments.parse_args().bin
    with Lab("bad input") as folder:
        pair = Pair(bin_dir, folder / "pair", round_ms=100)
        pair.bring_up()
        pair.wait_open()
        for step in (usage, cards, texts, api, wire):
            step(pair)
            print(f"ok {step.__name__}", flush=True)
        homes(pair, bin_dir)
        stores(pair, bin_dir)
        frames = pair.observer.frames()
        require({size for _, _, size in frames} == {1192}, "one size on the wire")
        print("ok homes, stores")
        pair.stop()


main()
