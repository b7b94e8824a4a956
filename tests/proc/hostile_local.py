#!/usr/bin/env python3
"""Whoever reaches a home's sockets with bad intent or bad luck: garbage on the cell port, another uid, a station or carrier that stands still,
a flood of half requests on the API. The wire keeps its cadence, the line comes back, the command line answers. hostile_local.py --bin DIR"""
import argparse
import atexit
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.attack import exactly_once, now_ns, quiet_logs, steady_wire  # noqa: E402
from support.lab import Lab, Pair, require, wait_for  # noqa: E402

NOBODY = 65_534


def connect(path, timeout=5):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(timeout)
    s.connect(str(path))
    return s


def say(s, payload):
    try:
        s.sendall(payload)
    except (BrokenPipeError, ConnectionResetError):
        pass  # refused while it was still being said


def answer(s):
    """What comes until the other end closes."""
    got = b""
    try:
        while data := s.recv(65536):
            got += data
    except ConnectionResetError:
        pass
    return got


def talk(pair, sent, word):
    pair.wait_open(30)
    for party in pair.parties:
        sent.setdefault(party, []).append(party.send(pair.far[party], word))
    exactly_once(pair, sent)


def second_station_on_the_port(pair):
    s = connect(pair.north.home / "carrier.sock")
    say(s, b"\x01" + struct.pack("<H", 1))
    require(answer(s) == b"", "a second station got something")


def garbage_on_the_port(pair, rng):
    """In the place of a station that is not there: each closes the port, none harms the carrier."""
    pair.north.station.stop()
    began = now_ns()
    port = pair.north.home / "carrier.sock"
    hello = b"\x01" + struct.pack("<H", 1)
    venue = rng.randbytes(16)
    bad = [rng.randbytes(1000), b"\x00", b"\x63" * 50, b"\x01\x09\x00", hello + b"\x07" + bytes(100),
           hello + b"\x03" + venue + b"\xff" * 8 + b"\xff" * 4,                        # a floor beyond any clock, of no venue
           hello + b"\x02" + venue + b"\x05" + bytes(3) + rng.randbytes(400),           # a slot and a round that are none
           hello + b"\x04" + venue + b"\x00\x09" + bytes(12) + rng.randbytes(512)]      # a path that is none
    for payload in bad:
        s = connect(port, timeout=0.5)
        say(s, payload)
        try:
            answer(s)
        except TimeoutError:
            pass  # a record of a known shape that changes nothing: the port stays
        s.close()
        require(pair.north.carrier.alive(), f"the carrier ended on {payload[:20]!r}")
    half = connect(port)
    say(half, hello + b"\x04" + venue)
    time.sleep(0.3)
    half.close()
    for _ in range(30):
        try:
            connect(port).close()
        except BlockingIOError:
            time.sleep(0.01)  # as many wait as may
    steady_wire(pair, began, now_ns())
    pair.north.start_station()
    pair.north.wait_ready()


def another_user(pair):
    """With every door of the file system opened wide, the sockets still know who calls."""
    home = pair.north.home
    doors = [*(p for p in home.parents if str(p).startswith(str(pair.folder.parent))), home, home / "carrier.sock", home / "station.sock"]
    modes = [(door, door.stat().st_mode & 0o777) for door in doors]
    for door in doors:
        door.chmod(0o777)
    call = ("import socket,sys\ns=socket.socket(socket.AF_UNIX)\ns.settimeout(5)\ns.connect(sys.argv[1])\n"
            "try:\n s.sendall(b'\\x01\\x01\\x00' if 'carrier' in sys.argv[1] else b'GET /api/v1/status HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n')\n"
            " print(len(s.recv(1000)))\nexcept (BrokenPipeError, ConnectionResetError):\n print(0)")
    for name in ("carrier.sock", "station.sock"):
        done = subprocess.run(["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", sys.executable, "-c", call, str(home / name)],
                              capture_output=True, text=True, timeout=20)
        require(done.stdout.strip() == "0", f"another user at {name}: {done.stdout} {done.stderr}")
    for door, mode in modes:
        door.chmod(mode)


def standing_still(pair, sent):
    """A station that reads nothing for 10 s, a carrier that stands still, and all four at once, as in a suspend: rounds are missed, never made
    up for, and what waited comes once."""
    north = pair.north
    for stopped, seconds, absent in (([north.station], 10, ()), ([north.carrier], 5, ("a>b",)),
                                     ([north.station, north.carrier, pair.south.station, pair.south.carrier], 5, ("a>b", "b>a"))):
        sent[north].append(north.send(pair.far[north], "just before"))
        began = now_ns()
        for process in stopped:
            process.signal(signal.SIGSTOP)
        time.sleep(seconds)
        if stopped == [north.carrier]:
            line = north.line(pair.far[north])
            require((line["state"], line["blame"]) == ("UNKNOWN", "this machine"), f"the carrier hangs, and the line is {line['state']}")
        still = now_ns()
        for process in stopped:
            process.signal(signal.SIGCONT)
        time.sleep(2)
        steady_wire(pair, began, now_ns(), absent)
        steady_wire(pair, still, now_ns(), absent)
        talk(pair, sent, "after standing still")


def deaf_log(pair):
    """Whoever reads the log of a process is gone: it goes on, and ends in order."""
    north = pair.north
    for kind, args in (("carrier", ("--listen", north.listen)), ("station", ("--passphrase-file", str(north.passphrase_file)))):
        getattr(north, kind).stop()
        read, write = os.pipe()
        process = subprocess.Popen([north.binary, "--home", str(north.home), kind, *args], stdin=subprocess.DEVNULL, stdout=write, stderr=write)
        atexit.register(process.kill)
        os.close(write)
        os.close(read)
        wait_for("the station to answer", lambda: (north.command("status", ok=None), north.code != 69)[1], 20)
        pair.wait_open(30)
        process.terminate()
        require(process.wait(20) == 0, f"a {kind} without a log ended with {process.returncode}")
        (north.start_carrier if kind == "carrier" else north.start_station)()
    north.wait_ready()


def flood_of_requests(pair, bin_dir):
    """200 requests that never end, and new ones all the time; bodies and headers beyond every bound. The command line answers."""
    path = pair.north.home / "station.sock"
    held = []

    def hold(count):
        for _ in range(count):
            s = socket.socket(socket.AF_UNIX)
            s.setblocking(False)
            try:
                s.connect(str(path))
                s.send(b"POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
                held.append(s)
            except BlockingIOError:
                s.close()  # the backlog is full at this instant
                time.sleep(0.002)
    while len(held) < 200:
        hold(20)
    for _ in range(5):
        began = time.monotonic()
        pair.north.command("status", ok=(0, 1, 2))
        require(time.monotonic() - began < 5, "the command line waited behind requests that never end")
        hold(20)
    for s in held:
        s.close()

    def ask(payload):
        s = connect(path, 10)
        say(s, payload)
        got = answer(s)
        s.close()
        return got
    # Kept alive, the station would wait for the next request exactly as long as ask() waits for the end.
    post = b"POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
    big = ask(post + b"Content-Length: 10000000\r\n\r\n" + b"x" * 10_000_000)
    require(b" 422 " in big.split(b"\r\n")[0] and b"1.5 MiB" in big, f"10 MB body: {big[:200]}")
    deep = b'{"line":' + b"[" * 1_000_000
    deep = ask(post + b"Content-Length: %d\r\n\r\n" % len(deep) + deep)
    require(b" 422 " in deep.split(b"\r\n")[0] and b"deep" in deep, f"deep JSON: {deep[:200]}")
    for headers in (b"X: " + b"y" * 100_000, b"\r\n".join(b"X-%d: y" % i for i in range(10_000))):
        got = ask(b"GET /api/v1/status HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n\r\n")
        require(b" 422 " in got.split(b"\r\n")[0] and b"16 KiB" in got, f"long header: {got[:200]}")
    endless = ask(b"POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"100000\r\n" + b"x" * 0x100000 + b"\r\n" + b"100000\r\n" + b"x" * 0x100000)
    require(b" 422 " in endless.split(b"\r\n")[0], f"chunks without end: {endless[:200]}")
    pair.north.command("status", ok=(0, 1, 2))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    options = arguments.parse_args()
    print(f"seed {options.seed}", flush=True)
    rng = random.Random(options.seed)
    with Lab("hostile local") as folder:
        pair = Pair(options.bin, folder / "pair", round_ms=100)
        pair.bring_up()
        sent = {}
        talk(pair, sent, "before")
        second_station_on_the_port(pair)
        garbage_on_the_port(pair, rng)
        talk(pair, sent, "after the garbage")
        print("ok cell port", flush=True)
        if os.geteuid() == 0:
            another_user(pair)
            print("ok another user", flush=True)
        else:
            print("another user: not tried, only root can be two users", flush=True)
        began = now_ns()
        flood_of_requests(pair, options.bin)
        talk(pair, sent, "after the flood")
        steady_wire(pair, began, now_ns())
        print("ok API", flush=True)
        deaf_log(pair)
        talk(pair, sent, "after the log was gone")
        print("ok log", flush=True)
        standing_still(pair, sent)
        print("ok standing still", flush=True)
        quiet_logs(pair)
        pair.stop()


main()
