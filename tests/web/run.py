#!/usr/bin/env python3
"""The desk's page in Chromium: two real stations, a desk each, everything that people do. run.py --bin DIR [FLOW ...]; pictures: build/web-test/"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from support.lab import Lab, Pair, require  # noqa: E402

LIMIT_S = 300


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    arguments.add_argument("--pictures", default=str(HERE.parent.parent / "build" / "web-test"))
    arguments.add_argument("flows", nargs="*")
    options = arguments.parse_args()
    with Lab("page") as folder:
        pair = Pair(options.bin, folder / "pair", round_ms=200)
        pair.bring_up()
        pair.wait_open()
        parties = [{"name": p.name, "home": str(p.home), "line": pair.far[p], "station": p.station.pid, "link": p.command("desk").strip()} for p in pair.parties]
        lab = folder / "lab.json"
        lab.write_text(json.dumps({"binary": pair.north.binary, "parties": parties}))
        done = subprocess.run(["node", str(HERE / "page.mjs"), str(lab), options.pictures, *options.flows], timeout=LIMIT_S)
        require(done.returncode == 0, "the page did not pass")
        pair.stop()


main()
