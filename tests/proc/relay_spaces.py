#!/usr/bin/env python3
"""A line over three relays in five network namespaces of their own, 50 ms and 5 % loss each way between the stations and R1: messages of
all kinds exactly once across epochs, while every relay, a station and a carrier are killed; a wall clock 20 s off works, one 60 s off is
refused and said; a home that was restored from a copy never seals a round twice.
relay_spaces.py --bin DIR [--messages N] [--epochs N] [--seed N]"""
import argparse
import random
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from relay_lines import FAR, Line  # noqa: E402
from relays import Relay, Venue  # noqa: E402
from support.attack import FRAME, Clock, PortTap  # noqa: E402
from support.lab import Lab, Observer, Party, Process, require, stages, wait_for  # noqa: E402
from support.spaces import bridge, enter, host  # noqa: E402
from support.texts import PARAGRAPHS, long_text  # noqa: E402

ROUND_MS = 200
PORT = 7150
IMPAIRED = ("--loss", "5", "--delay", "50")
# Where the venue says that R1 is: in each station's namespace the observer has this address, and forwards to R1.
DOOR = "10.77.1.1"
PRECEDENCES = ["routine"] * 12 + ["priority"] * 5 + ["immediate"] * 2 + ["flash"]


def address(index):
    return f"10.77.0.{10 + index}"


def slowly(what, condition, seconds):
    """wait_for, once a second: a list of a thousand messages costs the station time that its cells need."""
    return wait_for(what, lambda: time.sleep(1) or condition(), seconds)


class FarRelay(Relay):
    """A relay in a namespace of its own."""

    def __init__(self, bin_dir, folder, number):
        super().__init__(bin_dir, folder, number, PORT, host(number, folder, address(number)))
        self.own = f"{address(number)}:{PORT}"
        self.listen = f"{DOOR}:{PORT}" if number == 1 else self.own

    def start(self):
        self.metrics.unlink(missing_ok=True)
        self.process = Process([*self.wrap, self.binary, "--home", str(self.home), "relay", "run", "--listen", self.own, "--metrics",
                                str(self.metrics)], self.log)


class FarVenue(Venue):
    def __init__(self, bin_dir, folder):
        super().__init__(bin_dir, folder, ROUND_MS)
        self.relays = [FarRelay(bin_dir, folder, number) for number in (1, 2, 3)]


class FarLine(Line):
    """The stations' hosts have a wall clock each, and the observer between them and R1."""

    def __init__(self, bin_dir, folder, rng, seed):
        super().__init__(bin_dir, folder, rng, FarVenue(bin_dir, folder))
        self.parties, self.clocks, self.observers = [], {}, {}
        for index, name in enumerate(FAR, 4):
            space = host(index, folder, address(index))
            Process([*space, "ip", "addr", "add", f"{DOOR}/32", "dev", "lo"], folder / "door.log").child.wait(5)
            clock = Clock(bin_dir, folder / f"{name}.clock")
            party = Party(bin_dir, folder / name, name.capitalize(), f"{address(index)}:5000", [*space, *clock.wrap])
            (folder / f"{name}-wire").mkdir()
            self.observers[party] = Observer(bin_dir, folder / f"{name}-wire", party.listen, f"{address(1)}:{PORT}", *IMPAIRED, "--seed",
                                             str(seed + index), hosts=(DOOR, address(index)), ports=(PORT, 5001), wrap=space)
            self.clocks[party] = clock
            self.parties.append(party)
        self.said = {party: {} for party in self.parties}

    def shown(self, party):
        return party.api("GET", f"lines/{self.far(party)}")[1]

    def state(self, party):
        return self.shown(party)["state"]

    def text(self, party):
        word, kind = f"{len(self.said[party])} {party.name}", self.rng.random()
        if kind < 0.85:
            return word
        if kind < 0.995:
            return f"{word} {self.rng.choice(list(PARAGRAPHS.values()))[:self.rng.randrange(20, 400)]}"
        return f"{word} {long_text()[:self.rng.randrange(1_000, 3_000)]}"

    def say(self, count):
        """Without the cost of a process for each."""
        for _ in range(count):
            party = self.rng.choice(self.parties)
            text, far = self.text(party), self.far(party)
            status, answer = party.api("POST", "messages", {"line": far, "text": text, "precedence": self.rng.choice(PRECEDENCES)})
            require(status == 200, f"a message is not taken: {answer}")
            self.said[party][answer["id"]] = text

    def listed(self, party, direction):
        messages = party.api("GET", f"messages?line={self.far(party)}")[1]["messages"]
        return [m for m in messages if m["direction"] == direction and m["kind"] == "text"]

    def settle(self, seconds=400):
        for party in self.parties:
            slowly(f"everything of {party.name} stored there", lambda: self.shown(party)["waiting"] == 0, seconds)
            require(all("stored" in stages(m) for m in self.listed(party, "out")), "nothing waits, and not all is stored")

    def exactly_once(self):
        for party in self.parties:
            there = self.other(party)
            got = [m["id"] for m in self.listed(there, "in")]
            require(len(got) == len(set(got)), f"{there.name} has a message twice")
            require(set(got) == set(self.said[party]), f"{there.name} has {len(got)} messages of {len(self.said[party])}")
            for number, text in self.said[party].items():
                require(there.api("GET", f"messages/{number}")[1]["text"] == text, f"{there.name} has another text of {number}")

    def opens(self, since, seconds=40):
        """Waits until both have the line open; the rounds since then."""
        wait_for("OPEN on both sides", lambda: all(self.state(p) == "OPEN" for p in self.parties), seconds)
        return (time.monotonic() - since) * 1000 / ROUND_MS

    def restart(self, party, tap=None):
        party.station.kill()
        party.carrier.kill()
        party.start_carrier()
        if tap:
            tap.insert()
        party.start_station()
        party.wait_ready()

    def frames_of(self, party, since):
        """Instants at which its carrier sent a frame, from then on, in seconds."""
        frames = [f for f in self.observers[party].frames() if f[0] >= since * 1e9]
        require({size for _, _, size in frames} <= {FRAME}, "another size on the wire")
        return [at / 1e9 for at, way, _ in frames if way == "a>b"]


class Epochs:
    """Those that ran meanwhile, as R3 says."""

    def __init__(self, line):
        self.line, self.seen = line, set()

    def look(self):
        number = self.line.venue.relays[2].count("epoch")
        if number:
            self.seen.add(number)


def talk(line, messages, wanted):
    """While epochs pass and everybody is killed in turn."""
    epochs, share = Epochs(line), messages // 7
    line.say(messages - 6 * share)
    while len(epochs.seen) < wanted:
        epochs.look()
        time.sleep(0.3)
    for relay in line.venue.relays:
        line.say(share)
        time.sleep(line.rng.uniform(0, 3))
        relay.process.kill()
        down = line.rng.uniform(1, 2.5)
        time.sleep(down)
        relay.start()
        began = time.monotonic()
        wait_for("the line to be missed", lambda: any(line.state(p) != "OPEN" for p in line.parties), 5)
        print(f"  relay {relay.number} killed, back after {down * 1000 / ROUND_MS:.0f} rounds: OPEN after {line.opens(began):.0f} rounds", flush=True)
        epochs.look()
    for what in ("station", "carrier", "station"):
        party = line.rng.choice(line.parties)
        line.say(share)
        # What is not on the disk yet may be lost with the station; until then it is not shown as released.
        slowly("released", lambda: all("released" in stages(m) for m in line.listed(party, "out")), 120)
        getattr(party, what).kill()
        time.sleep(line.rng.uniform(0, 1))
        began = time.monotonic()
        getattr(party, f"start_{what}")()
        party.wait_ready()
        time.sleep(5 * ROUND_MS / 1000)  # so that OPEN is not the one from before
        print(f"  the {what} of {party.name} killed and back: OPEN after {line.opens(began):.0f} rounds", flush=True)
        epochs.look()
    line.settle()
    line.exactly_once()
    for relay in line.venue.relays:
        require(relay.process.alive(), f"relay {relay.number} ended: {relay.said()[-1000:]}")
    require(len(epochs.seen) >= wanted, f"only epochs {sorted(epochs.seen)}")
    print(f"  {sum(map(len, line.said.values()))} messages exactly once across {len(epochs.seen)} epochs or more", flush=True)


def clocks(line):
    """Rounds come from R1's time; a clock that is too far from it is refused, and nobody on the wire learns of it."""
    party = line.parties[0]
    for shift in (20, -20):
        line.clocks[party].set(shift)
        line.restart(party)
        line.opens(time.monotonic(), 120)
        line.say(4)
        line.settle()
        require("relays'" not in (party.home / "carrier.log").read_text(), f"a clock {shift} s off is refused")
    for shift, word in ((60, "ahead of"), (-60, "behind")):
        line.clocks[party].set(shift)
        line.restart(party)
        log = party.home / "carrier.log"
        wait_for("the refusal in the carrier's log", lambda: f"s {word} the relays'" in log.read_text(), 60)
        since = time.time()
        time.sleep(40 * ROUND_MS / 1000 + 1)
        shown = party.line(line.far(party))
        require(shown["state"] != "OPEN" and shown["blame"] in ("clock", "own network"), f"a clock {shift} s off: {shown}")
        sent = [at for at in line.frames_of(party, since) if at < since + 40 * ROUND_MS / 1000]
        require(abs(len(sent) - 40) <= 3, f"{len(sent)} frames in 40 rounds")
    line.clocks[party].set(0)
    line.restart(party)
    line.opens(time.monotonic(), 120)
    line.say(4)
    line.settle()
    line.exactly_once()


def restored(line, folder):
    """A station's home from a copy that was made while it ran: what it sealed since is not sealed again."""
    party, other = line.parties[1], line.parties[0]
    tap = PortTap(party.home)
    tap.insert()
    party.station.kill()
    party.start_station()
    party.wait_ready()
    line.opens(time.monotonic(), 120)
    line.say(20)
    copy = folder / "copy"
    shutil.copytree(party.home, copy, ignore=shutil.ignore_patterns("*.sock", "*.log"))
    line.say(40)
    line.settle()
    time.sleep(80 * ROUND_MS / 1000)  # a block of reserved rounds
    party.station.kill()
    party.carrier.kill()
    before = len(tap.cells)
    require(before > 200, f"the tap saw {before} cells")
    for file in copy.rglob("*"):
        if file.is_file():
            shutil.copy2(file, party.home / file.relative_to(copy))
    tap.withdraw()
    party.start_carrier()
    tap.insert()
    party.start_station()
    party.wait_ready()

    def whole():
        for each in line.parties:
            if each.line(line.far(each))["continuity_check"]:
                each.command("line", "continuity", line.far(each), "--confirm", ok=(0, 75))
        return all(line.state(p) == "OPEN" for p in line.parties)
    wait_for("the line, confirmed where it must be", whole, 180)
    wait_for("cells of the restored home", lambda: len(tap.cells) > before + 50, 30)
    last = {}
    for path, epoch, number in tap.cells:
        require(last.get(path, (0, 0)) < (epoch, number), f"path {path}: {(epoch, number)} after {last.get(path)}")
        last[path] = (epoch, number)
    # Of the restored side's own memory only what came after counts.
    said = other.api("POST", "messages", {"line": line.far(other), "text": "after"})[1]["id"]
    wait_for("a message there", lambda: [m["id"] for m in line.listed(party, "in")].count(said) == 1, 60)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--messages", type=int, default=2_000)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    enter()
    print(f"seed {options.seed}", flush=True)
    with Lab("relay spaces") as folder:
        bridge()
        line = FarLine(options.bin, folder, random.Random(options.seed), options.seed)
        line.bring_up()
        print("ok paired", flush=True)
        talk(line, options.messages, options.epochs)
        print("ok killed", flush=True)
        clocks(line)
        print("ok clocks", flush=True)
        restored(line, folder)
        print("ok restored", flush=True)


if __name__ == "__main__":
    main()
