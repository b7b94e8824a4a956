#!/usr/bin/env python3
"""A hostile network between two carriers and beside it: recorded frames again from the right address and a wrong one, bits flipped, cut,
oversized, a flood of handshakes that look right; then 60 % loss with duplicates and reordering. The line stays, strangers get nothing but
the cookies of protocol 3.3, and the cadence does not move. hostile_wire.py --bin DIR [--seed N]"""
import argparse
import hashlib
import random
import socket
import struct
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.attack import FRAME, exactly_once, now_ns, quiet_logs, steady_wire  # noqa: E402
from support.lab import Lab, Pair, free_ports, require  # noqa: E402

COOKIE = 56


class Hostile:
    """Two ways to a carrier: from the address where it knows its peer (through the observer), and as a stranger."""

    def __init__(self, pair, inject):
        self.pair, self.inject = pair, inject
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", 0))
        self.sock.setblocking(False)

    def as_peer(self, side, frame):
        self.sock.sendto(side.encode() + frame, self.inject)

    def as_stranger(self, side, frame):
        host, port = (self.pair.north if side == "a" else self.pair.south).listen.rsplit(":", 1)
        self.sock.sendto(frame, (host, int(port)))

    def answers(self):
        got = []
        while True:
            try:
                got.append(len(self.sock.recv(65536)))
            except BlockingIOError:
                return got


def recorded(file):
    """[(side that sent it, frame)]"""
    data, out, at = Path(file).read_bytes(), [], 0
    while at + 3 <= len(data):
        size = struct.unpack_from("<H", data, at + 1)[0]
        out.append((chr(data[at]), data[at + 3:at + 3 + size]))
        at += 3 + size
    return out


def alive(pair, sent, word):
    """Both lines are open, and texts still pass."""
    pair.wait_open(20)
    for party in pair.parties:
        sent.setdefault(party, []).append(party.send(pair.far[party], word))
    exactly_once(pair, sent)


def replays(hostile, frames, sent):
    """Every frame that ever passed, to both carriers, from both addresses. Roaming must not follow: the stranger gets no frame."""
    pair = hostile.pair
    began = now_ns()
    for send in (hostile.as_stranger, hostile.as_peer, hostile.as_stranger):
        for _, frame in frames:
            for side in "ab":
                send(side, frame)
            time.sleep(0.0005)
    time.sleep(10 * pair.round_ms / 1000)
    require(hostile.answers() == [], "a stranger's replay drew an answer")
    alive(pair, sent, "after the replays")
    steady_wire(pair, began, now_ns())


def mutations(hostile, frames, sent, rng):
    """Newest frames first in the stranger's hands, changed: bits flipped, cut, lengthened."""
    pair = hostile.pair
    began = now_ns()
    for _, frame in rng.sample(frames, min(len(frames), 150)):
        flipped = bytearray(frame)
        flipped[rng.randrange(len(frame))] ^= 1 << rng.randrange(8)
        longer = frame + rng.randbytes(rng.choice([1, 100, 2000]))
        for bad in (bytes(flipped), frame[:rng.randrange(len(frame))], longer, frame[:8] + rng.randbytes(FRAME - 8), rng.randbytes(COOKIE), b""):
            for side in "ab":
                hostile.as_stranger(side, bad)
                hostile.as_peer(side, bad)
        time.sleep(0.001)
    require(hostile.answers() == [], "a stranger's garbage drew an answer")
    alive(pair, sent, "after the garbage")
    steady_wire(pair, began, now_ns())


def message1(carrier_public, rng):
    """A frame whose mac1 is right for this carrier, which any stranger that saw a card can make."""
    noise = rng.randbytes(104)
    mac1 = hashlib.blake2b(b"sw1/mac1\0" + noise, digest_size=16, key=carrier_public).digest()
    return noise + mac1 + rng.randbytes(FRAME - 120)


def flood(hostile, sent, rng, count=20_000):
    """Handshakes that look right, as fast as they can be sent, from a stranger and from the peer's own address."""
    pair = hostile.pair
    for send, most_answers in ((hostile.as_stranger, 10), (hostile.as_peer, 0)):
        began, answers = now_ns(), []
        started = time.monotonic()
        frames = {side: [message1(bytes.fromhex((party.home / "carrier.pub").read_text().strip()), rng) for _ in range(500)]
                  for side, party in zip("ab", pair.parties)}
        for i in range(count // 2):
            for side in "ab":
                send(side, frames[side][i % 500])
            if i % 50 == 0:
                answers += hostile.answers()
                time.sleep(0.01)
        time.sleep(0.3)
        answers += hostile.answers()
        seconds = time.monotonic() - started
        require(set(answers) <= {COOKIE}, f"answers of {set(answers)} bytes")
        # The gate counts by the second: one is begun at each end.
        require(len(answers) <= 2 * most_answers * (seconds + 2), f"{len(answers)} cookies in {seconds:.1f} s")
        require(most_answers == 0 or answers, "the flood met no cookie: it did not reach the gate")
        alive(pair, sent, "after the flood")
        steady_wire(pair, began, now_ns())
        print(f"  {count} handshakes in {seconds:.1f} s, {len(answers)} cookies", flush=True)


def bad_network(bin_dir, folder, seed):
    """60 % of all frames lost, 10 % doubled, the rest reordered by up to three rounds; 50 ms rounds."""
    pair = Pair(bin_dir, folder / "loss", round_ms=50,
                impair=("--loss", "60", "--duplicate", "10", "--jitter", "150", "--seed", str(seed)))
    pair.bring_up()
    pair.wait_open(60)
    sent = {p: [p.send(pair.far[p], f"{i} " + "x" * size) for i, size in enumerate((1, 400, 3000))] for p in pair.parties}
    exactly_once(pair, sent, 120)
    quiet_logs(pair)
    pair.stop()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    options = arguments.parse_args()
    print(f"seed {options.seed}", flush=True)
    rng = random.Random(options.seed)
    with Lab("hostile wire") as folder:
        record, inject = folder / "frames", ("127.0.0.1", free_ports(1)[0])
        pair = Pair(options.bin, folder / "pair", round_ms=100, impair=("--record", str(record), "--inject", f"{inject[0]}:{inject[1]}"))
        pair.bring_up()
        sent = {}
        alive(pair, sent, "before")
        hostile = Hostile(pair, inject)
        replays(hostile, recorded(record), sent)
        print("ok replays", flush=True)
        mutations(hostile, recorded(record), sent, rng)
        print("ok mutations", flush=True)
        flood(hostile, sent, rng)
        print("ok flood", flush=True)
        quiet_logs(pair)
        pair.stop()
        bad_network(options.bin, folder, options.seed)
        print("ok 60 % loss, doubled, reordered", flush=True)


main()
