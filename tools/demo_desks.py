"""Both desks in headless Chromium, as two watch officers use them, and the wire meanwhile: script/demo --check."""
import time

import demo_wire
from support.desks import ADDRESSES, drive
from support.lab import Pair

# What they do, in tests/web.
FLOWS = ("glance", "watch", "talk", "acknowledge", "flash", "operators", "papers", "protocolSheet", "notes", "handOverSheet", "pairingByCode")
SECONDS = 240


def check(options, folder, pictures, machine):
    """(pair, frames looked at)"""
    pair, marks = Pair(options.bin, folder, round_ms=options.round_ms), demo_wire.Marks()
    pair.bring_up(ADDRESSES)
    pair.wait_open()
    marks.begin()
    time.sleep(5)
    marks.end("no desk open")
    drive(pair, pictures, FLOWS, SECONDS)
    marks.end("both desks busy")
    return pair, demo_wire.direct(pair, marks, machine)
