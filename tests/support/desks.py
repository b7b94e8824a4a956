"""The desks of two stations, driven in headless Chromium (tests/web/page.mjs)."""
import json
import subprocess
from pathlib import Path

from support.lab import require

PAGE = Path(__file__).resolve().parent.parent / "web" / "page.mjs"
# The second one has a host of its own: browsers do not separate cookies by port.
ADDRESSES = ("127.0.0.1:0", "127.0.0.2:0")


def link(party):
    """Opens the party's desk once, within a minute."""
    return party.command("desk").strip()


def drive(pair, pictures, flows, seconds):
    """Does `flows` (all of them: none named) at both desks of a fresh pair, whose line is open; leaves what they saw in the folder `pictures`."""
    parties = [{"name": p.name, "home": str(p.home), "line": pair.far[p], "station": p.station.pid, "link": link(p)} for p in pair.parties]
    lab = pair.folder / "lab.json"
    lab.write_text(json.dumps({"binary": pair.north.binary, "parties": parties}))
    done = subprocess.run(["node", str(PAGE), str(lab), str(pictures), *flows], timeout=seconds, check=False)
    require(done.returncode == 0, "the desks did not pass")
