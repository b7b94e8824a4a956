#!/usr/bin/env python3
"""The desk's page in Chromium: two real stations, a desk each, everything that people do. run.py --bin DIR [FLOW ...]; pictures: build/web-test/"""
import argparse
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from support.attack import quiet_logs, steady_wire  # noqa: E402
from support.desks import ADDRESSES, drive  # noqa: E402
from support.lab import Lab, Pair  # noqa: E402

LIMIT_S = 300


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    arguments.add_argument("--pictures", default=str(HERE.parent.parent / "build" / "web-test"))
    arguments.add_argument("flows", nargs="*")
    options = arguments.parse_args()
    with Lab("page") as folder:
        pair = Pair(options.bin, folder / "pair", round_ms=200)
        pair.bring_up(ADDRESSES)
        pair.wait_open()
        began = time.time_ns()
        drive(pair, options.pictures, options.flows, LIMIT_S)
        steady_wire(pair, began, time.time_ns())  # two people at work, and the carriers send what they always send
        quiet_logs(pair)
        pair.stop()


main()
