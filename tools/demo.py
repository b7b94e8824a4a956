#!/usr/bin/env python3
"""The demonstration behind script/demo: real processes, real text, and a look at the wire and over a relay's shoulder.

    tools/demo.py --bin DIR --folder DIR [--stay | --check] [--round-ms N]

Exits non-zero where a claim does not hold. The homes live in a short temporary path (Unix sockets have short names); the traces of the wire, and
with --check the pictures of the desks, stay in --folder."""
import argparse
import shutil
import sys
import tempfile
import time
from collections import namedtuple
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
import demo_wire  # noqa: E402
from demo_desks import FLOWS, check  # noqa: E402
from demo_machine import Machine  # noqa: E402
from demo_venue import COVER, COVERING, Venue  # noqa: E402
from support import desks  # noqa: E402
from support.lab import Failure, Pair, Process, end_all, require, stages, wait_for  # noqa: E402
from support.texts import FOX, PARAGRAPHS, long_text  # noqa: E402

CROWD = 20
VENUE_ROUND_MS = 100
EPOCHS_WITHOUT, EPOCHS_WITH = 2, 2  # at least so many before the line over the relays, and on it before one is killed

Sent = namedtuple("Sent", "far party id text")


def say(text=""):
    print(text, flush=True)


def step(text):
    say(f"\n== {text}")


class Talk:
    """What was sent on which line (`far`: its name at each party), and whether it came."""

    def __init__(self, pair):
        self.pair, self.sent = pair, []

    def send(self, far, party, text, *args):
        self.sent.append(Sent(far, party, party.send(far[party], text, *args), text))

    def of(self, far, party):
        return [s for s in self.sent if s.far is far and s.party is party]

    def wait_stored(self, far, seconds=90):
        for party in self.pair.parties:
            wait_for("stored there", lambda: all("stored" in stages(m) for m in party.outbox(far[party])), seconds)

    def show(self, far):
        for party in self.pair.parties:
            for sent in self.of(far, party):
                m = party.json("show", sent.id)
                words = "  ".join(f"{s['stage']} {time.strftime('%H:%M:%S', time.gmtime(s['at_ms'] / 1000))}" for s in m["stages"])
                say(f"   {sent.id[:8]}  {m['bytes']:>6} bytes  {m['precedence']:9} {words}")

    def outcome(self):
        """(delivered, lost, doubled), texts compared byte for byte."""
        delivered = lost = doubled = 0
        inboxes = {}
        for sent in self.sent:
            other, = (p for p in self.pair.parties if p is not sent.party)
            line = sent.far[other]
            if (other, line) not in inboxes:
                inboxes[other, line] = [m["id"] for m in other.inbox(line)]
            count = inboxes[other, line].count(sent.id)
            lost += count == 0
            doubled += count > 1
            delivered += count >= 1 and other.json("show", sent.id)["text"] == sent.text
        return delivered, lost, doubled


def strips(pair, far):
    for party in pair.parties:
        line = party.line(far[party])
        machine = "-" if line["machine_age_ms"] is None else f"{line['machine_age_ms'] / 1000:.1f} s"
        healed = "-" if line["healed_rounds"] is None else f"{line['healed_rounds']} rounds ago"
        say(f"   {party.name:6} {line['state']:8} machine {machine:>6}   healed {healed:14}  {line['strip']}  {line['detail'] if line['state'] != 'OPEN' else ''}")


def show_desks(pair):
    say("   each party's desk, for a browser on this machine; a link opens it once, within a minute:")
    for party in pair.parties:
        say(f"   {party.name:6} {desks.link(party)}")


# ---- the venue

def bring_up(options, folder):
    """Everything that runs from here to the end: (pair, venue)."""
    pair = Pair(options.bin, folder, round_ms=options.round_ms)
    venue = Venue(options.bin, folder / "venue", VENUE_ROUND_MS, CROWD, CROWD + len(pair.parties))
    step(f"Three relays, {CROWD} stations that have no line: each a process of its own, rounds of {VENUE_ROUND_MS} ms")
    venue.agree()
    say(f"   {venue.path()}")
    say("   each runs under another law; all three signed one file, the venue. It hides:")
    for sentence in venue.shown["words"]:
        if sentence.startswith("from "):
            say(f"   - {sentence}")
    venue.gather()
    step(f"Two parties, four processes, UDP on loopback, rounds of {options.round_ms} ms; both join the relays' venue, too")
    for party, address in zip(pair.parties, desks.ADDRESSES):
        party.init()
        party.desk_at(address)
        venue.admit(party)
        party.start()
    venue.start()
    pair.pair()
    say("   cards crossed by file; the check number both sides read aloud:")
    say("   " + " ".join(pair.north.json("pair", "check", "--line", pair.far[pair.north])["check"]))
    pair.wait_open()
    strips(pair, pair.far)
    show_desks(pair)
    return pair, venue


# ---- the direct line

def direct_line(pair, talk, machine):
    far, marks = pair.far, demo_wire.Marks()
    step("Nobody talks")
    marks.begin()
    time.sleep(5)
    strips(pair, far)
    marks.end("idle")

    step("Both talk: the historic test line, six languages, twenty kilobytes")
    talk.send(far, pair.north, FOX, "--precedence", "immediate")
    for i, text in enumerate(PARAGRAPHS.values()):
        talk.send(far, pair.parties[i % 2], text)
    talk.send(far, pair.south, long_text(), "--precedence", "routine", "--grade", "note")
    for _ in range(3):
        time.sleep(1)
        strips(pair, far)
    talk.wait_stored(far)
    talk.show(far)
    marks.end("busy")

    step("The south's station is killed (SIGKILL); the north goes on writing")
    pair.south.station.kill()
    talk.send(far, pair.north, "Written while your station was dead.")
    pair.north.wait_state(far[pair.north], "DOWN", 30)
    time.sleep(2)
    say(f"   North sees {pair.north.line(far[pair.north])['state']}: {pair.north.line(far[pair.north])['detail']}")
    marks.end("station killed")

    step("It starts again")
    pair.south.start_station()
    pair.south.wait_ready()
    pair.wait_open()
    wait_for("the text written meanwhile", lambda: len(pair.south.inbox(far[pair.south])) == len(talk.of(far, pair.north)), 30)
    talk.wait_stored(far, 30)
    strips(pair, far)
    marks.end("restarted")

    step("The wire between the two, seen from outside")
    return demo_wire.direct(pair, marks, machine)


# ---- the line over the relays

def wait_line(pair, far, state, seconds=60):
    for party in pair.parties:
        party.wait_state(far[party], state, seconds)


def relayed_line(pair, venue, talk, machine):
    """(frames at the first relay, the last epoch without the line, epochs with it)"""
    far = {pair.north: "relayed-south", pair.south: "relayed-north"}
    venue.wait_epochs(EPOCHS_WITHOUT)
    marks = demo_wire.Marks()
    marks.since = venue.since + 2_000_000_000  # the stations have learnt relay 1's time
    marks.end("no line")
    step("The same two once more, over the relays: a second line, whose cards name the venue and no address")
    venue.pair(pair, far)
    without = venue.epoch()
    say("   the stations send what they always sent; from the next set-up on their circuits meet")
    wait_line(pair, far, "OPEN")
    line = pair.north.line(far[pair.north])
    require(line["venue"] == venue.shown["id"], f"the line is over another venue: {line['venue']}")
    say(f"   path: {venue.path()}")
    strips(pair, far)
    marks.end("paired, silent")
    time.sleep(2)  # the metrics are up to a second old
    first = venue.epoch()

    step("Both talk over the relays, from one epoch into the next: new keys and a new order at every relay")
    texts = [FOX, *PARAGRAPHS.values()]
    for n in range(60):
        talk.send(far, pair.parties[n % 2], f"{n + 1}. {texts[n % len(texts)]}", *(["--precedence", "immediate"] if n == 0 else []))
        time.sleep(2)
        if venue.epoch() >= first + EPOCHS_WITH:
            break
    talk.wait_stored(far)
    talk.show(far)
    strips(pair, far)
    marks.end("busy")

    step("Relay 2 is killed (SIGKILL), its keys are lost; the north goes on writing")
    killed = venue.relays[1]
    killed.process.kill()
    talk.send(far, pair.north, "Written while a relay was dead.")
    pair.north.wait_state(far[pair.north], "DOWN", 30)
    line = pair.north.line(far[pair.north])
    say(f"   North sees {line['state']}: {line['detail']} The direct line: {pair.north.line(pair.far[pair.north])['state']}")
    epoch, started = venue.epoch(), time.monotonic()
    venue.start_relay(killed)
    wait_line(pair, far, "OPEN")
    say(f"   it starts again: the epochs made ahead are void, the relays make a new one at once; OPEN by itself after "
        f"{(time.monotonic() - started) / venue.round_ms * 1000:.0f} rounds")
    talk.wait_stored(far)
    venue.wait_epoch(epoch)
    strips(pair, far)
    marks.end("relay killed")

    step(f"The wire before the first relay, seen from outside: which two of the {venue.stations} stations have the line?")
    frames = demo_wire.venue(venue, pair.parties, marks, machine)
    return frames, without, first


def last_relay(venue, without, first):
    """What the last relay counted of each epoch; how many epochs the line crossed."""
    step("The last relay's own point of view: all that it can count")
    say("   epoch   circuits   pairs   alone   line over the relays")
    for epoch, seen in sorted(venue.seen.items()):
        word = "none" if epoch <= without else "open" if epoch >= first else "being paired"
        say(f"   {epoch:5}   {seen['circuits']:8}   {seen['pairs']:5}   {seen['loops']:5}   {word}")
    say(f"   Circuits: the same in every epoch, two of each of the {venue.stations} stations and {COVER} of cover from relay 1 and from relay 2.")
    say(f"   Pairs: the two circuits of an idle station meet each other, those of a line the other end's; the stations make {venue.stations} pairs either way. The")
    say(f"   rest is cover, 0 to {COVER // 2} pairs from each of the two relays, drawn anew for every epoch; that is why the numbers differ, line or no line.")
    say("   (That without the cover's chance they are equal to the last pair, the test sim_relays holds: two worlds, one seed.)")
    for epoch, seen in venue.seen.items():
        require(seen["circuits"] == venue.circuits, f"epoch {epoch} has {seen['circuits']} circuits, not {venue.circuits}")
        require(seen["pairs"] in venue.pairs, f"epoch {epoch} has {seen['pairs']} pairs; the cover allows {venue.pairs}")
    require(sum(e <= without for e in venue.seen) >= EPOCHS_WITHOUT, "too few epochs without the line")
    return sum(e > first for e in venue.seen)


def run(options, folder):
    pair, venue = bring_up(options, folder)
    talk, machine = Talk(pair), Machine(folder, Process)
    frames = direct_line(pair, talk, machine)
    at_relays, without, first = relayed_line(pair, venue, talk, machine)
    crossed = last_relay(venue, without, first)
    venue.alive()
    total = len(talk.sent)
    delivered, lost, doubled = talk.outcome()
    say(f"\ndelivered {delivered} of {total}, {lost} lost, {doubled} doubled; wire idle = busy over {frames + at_relays} frames; "
        f"{len(venue.relays)} relays, {crossed} epochs crossed")
    require(delivered == total and lost == 0 and doubled == 0, "not everything is there exactly once")
    require(crossed >= EPOCHS_WITH, "too few epochs crossed")
    return pair, venue


def stay(pair, venue):
    say("\nEverything stays up until Ctrl-C. Talk on both lines, the direct one and the one over the relays, from another terminal:")
    for party in pair.parties:
        say(f"   {party.binary} --home {party.home} status --watch")
        for line in (pair.far[party], pair.far[party].replace("far", "relayed")):
            say(f"   echo 'Good evening.' | {party.binary} --home {party.home} send {line} --file -")
            say(f"   {party.binary} --home {party.home} inbox {line}")
        say(f"   {party.binary} --home {party.home} desk")
    show_desks(pair)
    try:
        while venue.alive() and all(p.station.alive() and p.carrier.alive() for p in pair.parties):
            time.sleep(1)
        raise Failure("a process ended by itself")
    except KeyboardInterrupt:
        say("\nclosing")


def at_the_desks(options, folder, kept):
    step("Two watch officers at their desks, in headless Chromium: pair, talk, translate, FLASH, acknowledge, hand over")
    folder.mkdir()
    pair, frames = check(options, folder / "desks", kept, Machine(folder, Process))
    say(f"\n{len(FLOWS)} of {len(FLOWS)} at both desks, pictures in {kept}; wire idle = busy over {frames} frames")
    return pair


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    arguments.add_argument("--folder", required=True)
    arguments.add_argument("--round-ms", type=int, default=200)
    what = arguments.add_mutually_exclusive_group()
    what.add_argument("--stay", action="store_true")
    what.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    options.bin = str(Path(options.bin).resolve())
    kept = Path(options.folder)
    kept.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="stillwire-"))
    status = 0
    try:
        if options.check:
            at_the_desks(options, folder / "demo", kept).stop()
        else:
            pair, venue = run(options, folder / "demo")
            shutil.copy(pair.observer.trace, kept / "wire.csv")
            shutil.copy(venue.doorway.trace, kept / "doorway.csv")
            if options.stay:
                stay(pair, venue)
            pair.stop()
            venue.stop()
    except Failure as failure:
        say(f"\nthe demonstration failed: {failure}\nlogs: {folder}")
        return 1
    except KeyboardInterrupt:
        say("\nstopped")
        status = 130
    finally:
        end_all()
    shutil.rmtree(folder, ignore_errors=True)
    return status


sys.exit(main())
