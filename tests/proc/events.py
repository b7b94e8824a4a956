#!/usr/bin/env python3
"""The station's events: a face that was away, whatever ended, is told everything after the last number it saw; ten watch at once.
events.py --bin DIR"""
import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.events import Events  # noqa: E402
from support.lab import Lab, Pair, require, stages, wait_for  # noqa: E402


class Face:
    """What a page has: the newest status, and every message as it was told."""

    def __init__(self, party):
        self.party, self.seq, self.status, self.messages, self.resets, self.events = party, 0, None, {}, 0, None

    def open(self):
        self.events = Events(self.party.home / "station.sock", self.seq)
        return self

    def close(self):
        self.events.close()

    def take(self, seconds):
        """Takes what comes; False when nothing came for so long."""
        event = self.events.next(seconds)
        if event is None:
            return False
        if event["event"] == "status":
            self.status = event["status"]
        else:
            require(event["seq"] > self.seq or event["event"] == "reset", f"numbers fall: {event['seq']} after {self.seq}")
            self.seq = event["seq"]
            if event["event"] == "reset":
                self.messages, self.resets = {}, self.resets + 1
            else:
                require("text" not in event["message"], "an event carries text")
                self.messages[event["message"]["id"]] = event["message"]
        return True

    def until(self, what, condition, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            require(time.monotonic() < end, f"waited {seconds} s for {what}")
            self.take(1)

    def as_asked(self, line):
        """Equal to what a question is answered with: nothing was missed."""
        def same():
            while self.take(0.05):
                pass
            asked = {m["id"]: m for m in self.party.json("inbox", line)["messages"]}
            return asked == self.messages
        wait_for("the events and the answers to be the same", same, 30)


def follows(pair):
    north, south = pair.parties
    here, there = Face(north).open(), Face(south).open()
    there.until("the first status", lambda: there.status is not None)
    require(there.resets <= 1 and not there.status["locked"], "how it begins")
    sent = [north.send(pair.far[north], f"message {n}") for n in range(5)]
    there.until("the messages", lambda: set(sent) <= set(there.messages))
    south.command("stage", sent[0], "read", "--initials", "AB")
    here.until("the far stage", lambda: "read" in stages(here.messages.get(sent[0], {"stages": []})))
    here.as_asked(pair.far[north])
    there.as_asked(pair.far[south])
    # Alive while nothing happens: a status every second.
    times = []
    while len(times) < 4:
        before = there.status
        there.take(3)
        if there.status is not before:
            times.append(time.monotonic())
    gaps = [b - a for a, b in zip(times, times[1:])]
    require(max(gaps) < 2, f"the status came after {max(gaps):.1f} s")
    return here, there


def breaks(pair, here, there):
    """Connections that end in the middle of it, at either end, and the station's own death."""
    north, south = pair.parties
    resets = there.resets
    for n in range(5):
        there.close()
        sent = north.send(pair.far[north], f"while away {n}", "--precedence", "flash")
        wait_for("the message in the south", lambda: any(m["id"] == sent for m in south.inbox(pair.far[south])), 20)
        there.open()
        there.until("what was missed", lambda: sent in there.messages)
    there.as_asked(pair.far[south])
    require(there.resets == resets, "a break costs no more than what was missed")
    pending = north.send(pair.far[north], "before the kill " * 200)
    south.station.kill()
    wait_for("the end of the feed", lambda: not there.events.alive(), 10)
    south.start_station()
    south.wait_ready()
    there.close()
    there.open()
    there.until("the message after the kill", lambda: pending in there.messages, 40)
    there.as_asked(pair.far[south])
    require(there.resets == resets + 1, "another process starts over")
    here.as_asked(pair.far[north])


def locks(pair, there):
    south = pair.south
    south.command("lock")
    there.until("locked", lambda: there.status["locked"], 5)
    require("lines" not in there.status, "a locked station shows its lines")
    south.command("unlock", "--passphrase-file", str(south.passphrase_file))
    there.until("unlocked", lambda: not there.status["locked"], 5)
    there.as_asked(pair.far[south])


def many(pair):
    north, south = pair.parties
    faces = [Face(south).open() for _ in range(10)]
    sent = north.send(pair.far[north], "to ten seats")
    for face in faces:
        face.until("the message at every seat", lambda: sent in face.messages)
        face.as_asked(pair.far[south])
        face.close()
    # A line that goes takes its messages with it.
    face = Face(south).open()
    face.as_asked(pair.far[south])
    south.command("line", "rm", pair.far[south])
    face.until("the messages to go", lambda: not face.messages and face.status["lines"] == [])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    args = parser.parse_args()
    with Lab("events") as folder:
        pair = Pair(args.bin, folder, 100)
        pair.bring_up()
        pair.wait_open()
        here, there = follows(pair)
        breaks(pair, here, there)
        locks(pair, there)
        many(pair)
        pair.stop()
    print("ok")


if __name__ == "__main__":
    main()
