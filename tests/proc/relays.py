#!/usr/bin/env python3
"""Three `relay run` processes on loopback, with stations: started in any order they come to carry epochs; killed each in turn they make an
emergency epoch and carry on; strangers, garbage, a full disk and a taken port are told apart and disturb nothing else.
relays.py --bin DIR [--round-ms N]"""
import argparse
import errno
import os
import random
import re
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.attack import Disk  # noqa: E402
from support.lab import Lab, Party, Process, require, wait_for  # noqa: E402
from support.relay import Relay, relay_ports  # noqa: E402

# Whatever a relay may write to its log: hops, epochs, rounds, counts and its own address.
LOG_LINES = re.compile(r"relay: (relay \d of \d, listening on [0-9.:]+|connected with relay \d|the connection with relay \d ended.*|epoch \d+ .*|"
                       r"epoch \d+: .*|epoch \d+, round \d+: a batch of .*|memory is not locked.*|stopped)")


class Member:
    """A station's carrier, tests/support/relay_member.cpp."""

    def __init__(self, bin_dir, folder, venue, invitation, number, peer=None):
        self.log = folder / f"member{number}.log"
        args = [str(Path(bin_dir) / "relay_member"), "--venue", str(venue), "--invitation", invitation, "--number", str(number)]
        self.process = Process(args + (["--peer", str(peer)] if peer else []), self.log)

    def count(self, name):
        lines = [line for line in self.log.read_text().splitlines() if line.startswith("registered")] if self.log.exists() else []
        return int(re.search(rf"\b{name} (\d+)", lines[-1]).group(1)) if lines else 0


class Venue:
    def __init__(self, bin_dir, folder, round_ms, epoch_rounds=100, stations=4, faulty=True):
        self.bin, self.folder, self.round_ms, self.epoch_rounds, self.stations = bin_dir, folder, round_ms, epoch_rounds, stations
        self.disk = Disk(bin_dir, folder / "fault") if faulty else None
        ports = relay_ports(3)
        self.relays = [Relay(bin_dir, folder, i + 1, ports[i], self.disk.wrap if faulty and i == 1 else ()) for i in range(3)]
        self.file = folder / "test.venue"
        self.members = []

    def agree(self):
        for relay in self.relays:
            relay.make()
        cards = [word for relay in self.relays for word in ("--relay", str(relay.card))]
        self.relays[0].command("venue", "make", *cards, "--round-ms", str(self.round_ms), "--epoch-rounds", str(self.epoch_rounds),
                               "--stations", str(self.stations), "--noise", "small", "--out", str(self.file))
        for relay in self.relays:
            relay.command("relay", "join", str(self.file))
        self.relays[0].command("relay", "run", ok=None)
        require(self.relays[0].code != 0 and "join it again" in self.relays[0].stderr, f"an incomplete venue runs: {self.relays[0].stderr}")
        for relay in self.relays:
            relay.command("relay", "join", str(self.file))

    def join(self):
        tokens = self.relays[0].command("relay", "invite", "--count", "3").split()
        for number, peer in ((1, 2), (2, 1), (3, None)):
            self.members.append(Member(self.bin, self.folder, self.file, tokens[number - 1], number, peer))

    def alive(self):
        for relay in self.relays:
            require(relay.process.alive(), f"relay {relay.number} ended: {relay.said()[-1000:]}")
        for member in self.members:
            require(member.process.alive(), f"a member ended: {member.log.read_text()[-1000:]}")

    def mostly_right(self):
        before = [(m.count("right"), m.count("wrong")) for m in self.members]
        time.sleep(3)
        now = [(m.count("right"), m.count("wrong")) for m in self.members]
        return all(right > r and (wrong - w) * 4 < right - r for (r, w), (right, wrong) in zip(before, now))

    def carries(self, above=0, seconds=60):
        """Waits until an epoch above this one runs everywhere and every member gets the cells that it must get; the epoch."""
        def later():
            self.alive()
            running = [relay.count("epoch") for relay in self.relays]
            return running if min(running) > above else None
        epochs = wait_for(f"an epoch above {above}", later, seconds)
        before = [r.count("rounds_carried_total") for r in self.relays]
        right = [m.count("right") for m in self.members]
        wait_for("rounds", lambda: all(r.count("rounds_carried_total") > b + 5 for r, b in zip(self.relays, before)), seconds)
        wait_for("the members' cells", lambda: all(m.count("right") > b + 5 for m, b in zip(self.members, right)), seconds)
        # A cell that comes late for its round is noise to the other end, and a busy machine makes some late at once; all others are the
        # partner's. A venue that joins the wrong circuits has no such three seconds ever.
        wait_for("three seconds with the right cells", self.mostly_right, seconds)
        self.alive()
        return max(epochs)


def refusals(venue):
    """What cannot run says why, and leaves the ones that run alone."""
    first, second, third = venue.relays
    nobody = Party(venue.bin, venue.folder / "nobody", "Nobody", "")
    nobody.command("relay", "run", ok=None)
    require(nobody.code != 0 and "relay init" in nobody.stderr, f"no home: {nobody.stderr}")
    for relay, kind in ((first, socket.SOCK_DGRAM), (third, socket.SOCK_STREAM)):
        with socket.socket(socket.AF_INET, kind) as taken:
            taken.bind(("127.0.0.1", relay.port))
            if kind == socket.SOCK_STREAM:
                taken.listen()
            relay.command("relay", "run", ok=None)
            require(relay.code != 0 and "is taken by another program" in relay.stderr, f"port taken: {relay.stderr}")
    second.command("relay", "run", "--listen", "192.0.2.1:7150", ok=None)
    require(second.code != 0 and "no address of this machine" in second.stderr, f"foreign address: {second.stderr}")
    record = third.home / "relay.epoch"
    record.write_bytes(b"123")
    record.chmod(0o600)
    third.command("relay", "run", ok=None)
    require(third.code != 0 and "damaged" in third.stderr, f"a damaged record: {third.stderr}")
    record.unlink()


def strangers(venue, rng):
    """Connections and datagrams of nobody's: closed or ignored without a word, and no round is missed."""
    before = [relay.count("rounds_carried_total") for relay in venue.relays]
    start = time.monotonic()
    silent = [socket.create_connection(("127.0.0.1", relay.port), 5) for relay in venue.relays[1:] for _ in range(30)]
    for relay in venue.relays[1:]:
        for size in (1, 95, 96, 97, 5_000, 100_000):
            with socket.create_connection(("127.0.0.1", relay.port), 5) as s:
                s.settimeout(10)
                try:
                    s.sendall(rng.randbytes(size))
                    s.shutdown(socket.SHUT_WR)
                    require(s.recv(1) == b"", "a relay answers a stranger")
                except TimeoutError:
                    raise
                except OSError:
                    pass  # closed meanwhile
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        s.settimeout(0.5)
        for size in [0, 1, 56, 1191, 1193, 9000] + [1192] * 2_000:
            s.sendto(rng.randbytes(size), ("127.0.0.1", venue.relays[0].port))
        try:
            require(not s.recv(2000), "R1 answers a stranger")
        except TimeoutError:
            pass
    for s in silent:
        s.settimeout(15)
        try:
            require(s.recv(1) == b"", "a relay greets a stranger")
        except ConnectionResetError:
            pass
        s.close()
    time.sleep(2)
    rounds = (time.monotonic() - start) * 1000 / venue.round_ms
    for relay, b in zip(venue.relays, before):
        carried = relay.count("rounds_carried_total") - b
        # The file of metrics is up to a second old at either end.
        require(carried > rounds * 0.9 - 2_500 / venue.round_ms, f"relay {relay.number} carried {carried} of {rounds:.0f} rounds among strangers")
    venue.alive()


def full_disk(venue, running):
    """Nothing is signed that is not on disk; with room it goes on by itself."""
    second, third = venue.relays[1:]
    venue.disk.fail(errno.ENOSPC)
    third.process.kill()
    third.start()
    wait_for("the full disk in the log", lambda: "is not signed: " in second.said(), 60)
    require("No space left" in second.said(), "the log does not say why")
    kept = (second.home / "relay.epoch").read_bytes()
    time.sleep(3)
    require((second.home / "relay.epoch").read_bytes() == kept and third.count("epoch") == 0, "an epoch runs that one relay could not record")
    venue.alive()
    venue.disk.fail(0)
    return venue.carries(running)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--round-ms", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4)))
    args = parser.parse_args()
    print(f"seed {args.seed}")
    rng = random.Random(args.seed)
    with Lab("relays") as folder:
        venue = Venue(args.bin, folder, args.round_ms)
        venue.agree()
        refusals(venue)
        order = rng.sample(venue.relays, 3)
        for relay in order:
            relay.start()
            time.sleep(rng.uniform(0, 2))
        venue.join()
        epoch = venue.carries()
        print(f"started in the order {[r.number for r in order]}: epoch {epoch}")
        venue.relays[0].command("relay", "run", ok=None)
        require("using this home" in venue.relays[0].stderr, f"two on one home: {venue.relays[0].stderr}")
        strangers(venue, rng)
        print("strangers disturb nothing")
        for relay in rng.sample(venue.relays, 3):
            running = max(r.count("epoch") for r in venue.relays)
            relay.process.kill()
            time.sleep(rng.uniform(0, 2))
            relay.start()
            epoch = venue.carries(running)
            print(f"relay {relay.number} killed and back: epoch {epoch}")
        epoch = full_disk(venue, epoch)
        print(f"a full disk signs nothing, then epoch {epoch}")
        venue.alive()
        for relay in venue.relays:
            require(relay.process.stop() == 0, f"relay {relay.number} does not stop cleanly")
            for line in relay.said().splitlines():
                require(LOG_LINES.fullmatch(line), f"relay {relay.number} says: {line}")
    print("ok")


if __name__ == "__main__":
    main()
