"""The relay venue of the demonstration: three relays, a crowd of idle stations, and what the last relay can count."""
import csv
import json
import threading
import time
from pathlib import Path

from support.lab import Party, Process, free_ports, require, wait_for
from support.relay import Relay, relay_ports

JURISDICTIONS = ("Geneva", "Nairobi", "Singapore")
EPOCH_ROUNDS = 75  # the shortest epoch whose control lane carries everything with three relays and the small noise
# Protocol 8.5, the small noise: every relay but the last adds D cover circuits, of which up to D / 2 pairs.
COVER = 564
COVERING = len(JURISDICTIONS) - 1


class Doorway:
    """Sits before the first relay and writes down what comes and goes (tests/support/doorway.cpp)."""

    def __init__(self, bin_dir, folder, listen, to):
        self.trace = Path(folder) / "doorway.csv"
        self.process = Process([str(Path(bin_dir) / "doorway"), "--listen", listen, "--to", to, "--trace", str(self.trace)], Path(folder) / "doorway.log")
        wait_for("the doorway", lambda: self.trace.exists() or not self.process.alive(), 10)
        require(self.process.alive(), "the doorway ended")

    def frames(self):
        """[(nanoseconds UTC, "PORT>" of a station or ">PORT" to it, size)] in the order of their coming."""
        with open(self.trace, newline="") as f:
            return [(int(r[0]), r[1], int(r[2])) for r in csv.reader(f) if len(r) == 3 and r[2].isdigit()]


class Venue:
    def __init__(self, bin_dir, folder, round_ms, crowd, stations):
        """crowd: idle stations; stations: all there will be."""
        self.bin, self.folder, self.round_ms, self.stations = bin_dir, Path(folder), round_ms, stations
        self.folder.mkdir(parents=True)
        self.file = self.folder / "demo.venue"
        door, *ports = relay_ports(len(JURISDICTIONS) + 1)
        # The first relay's card names the doorway, as if a router forwarded the port.
        self.inside = ports[0]
        self.relays = [Relay(bin_dir, self.folder, i + 1, port) for i, port in enumerate([door, *ports[1:]])]
        self.idle = [Party(bin_dir, self.folder / f"idle{i + 1}", f"Idle {i + 1}", f"127.0.0.1:{port}") for i, port in enumerate(free_ports(crowd))]
        self.seen = {}  # epoch: what the last relay counted of it
        self.since = None  # nanoseconds UTC when the first of them ran
        self.circuits = 2 * stations + COVERING * COVER
        self.pairs = range(stations, stations + COVERING * COVER // 2 + 1)  # that the noise allows

    def agree(self):
        """Every relay makes its keys, one makes the venue file, all sign; what `venue show --json` says of it."""
        for relay, jurisdiction in zip(self.relays, JURISDICTIONS):
            relay.make(jurisdiction)
        cards = [word for relay in self.relays for word in ("--relay", str(relay.card))]
        self.relays[0].command("venue", "make", *cards, "--round-ms", str(self.round_ms), "--epoch-rounds", str(EPOCH_ROUNDS),
                               "--stations", str(self.stations), "--noise", "small", "--out", str(self.file))
        for relay in 2 * self.relays:  # to sign, and to keep it with all signatures
            relay.command("relay", "join", str(self.file))
        self.tokens = self.relays[0].command("relay", "invite", "--count", str(self.stations)).split()
        self.shown = json.loads(self.relays[0].command("venue", "show", str(self.file), "--json"))
        self.doorway = Doorway(self.bin, self.folder, self.relays[0].listen, f"127.0.0.1:{self.inside}")

    def admit(self, party):
        party.command("venue", "add", str(self.file), "--token", self.tokens.pop())

    def gather(self):
        """The idle stations' carriers. A carrier makes its own key and needs no station behind it."""
        for station in self.idle:
            station.home.mkdir(mode=0o700)
            self.admit(station)
            station.start_carrier()

    def start(self):
        for relay in self.relays:
            self.start_relay(relay)
        threading.Thread(target=self.watch, daemon=True).start()

    def start_relay(self, relay):
        relay.start(*(["--listen", f"127.0.0.1:{self.inside}"] if relay is self.relays[0] else []))

    def watch(self):
        """Reads the last relay's metrics; they are replaced once a second, and an epoch lasts several. It begins with the first epoch that all
        stations are in: on a busy machine some start too late for the one before."""
        while True:
            counts = self.relays[-1].counts()
            if "pairs" in counts and (self.seen or counts["circuits"] >= self.circuits):
                self.since = self.since or time.time_ns()
                self.seen.setdefault(counts["epoch"], counts)
            time.sleep(0.2)

    def epoch(self):
        """The newest that the last relay counted; 0: none."""
        return max(self.seen, default=0)

    def wait_epoch(self, above):
        return wait_for(f"an epoch after {above}", lambda: self.epoch() > above and self.epoch(), 60)

    def wait_epochs(self, count):
        wait_for(f"{count} epochs that all stations are in", lambda: len(self.seen) >= count, 60)

    def path(self):
        return " > ".join(f"{r['operator']} ({r['jurisdiction']})" for r in self.shown["relays"])

    def pair(self, pair, far):
        """A second line between the two parties; their cards name the venue, and no address."""
        cards = {party: self.folder / f"{party.home.name}.card" for party in pair.parties}
        for party, card in cards.items():
            party.command("pair", "offer", "--line", far[party], "--venue", self.shown["id"][:8], "--out", str(card))
        for party in pair.parties:
            other, = (p for p in pair.parties if p is not party)
            party.command("pair", "accept", "--line", far[party], str(cards[other]))
        for party in pair.parties:
            party.command("pair", "confirm", "--line", far[party])

    def alive(self):
        for name, process in [("the doorway", self.doorway.process), *((r.name, r.process) for r in self.relays), *((s.name, s.carrier) for s in self.idle)]:
            require(process.alive(), f"{name} ended by itself")
        return True

    def stop(self):
        for relay in self.relays:
            require(relay.process.stop() == 0, f"relay {relay.number} does not stop cleanly: {relay.said()[-1000:]}")
        for station in self.idle:
            station.carrier.stop()
        self.doorway.process.kill()
