#!/usr/bin/env python3
"""The units of systemd/: what systemd-analyze makes of them, and the real binaries under their restrictions, as far as those can be had without a
service manager: two parties open a line and talk, a relay carries epochs. units.py --bin DIR"""
import argparse
import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from shutil import which

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from proc.relays import Member  # noqa: E402
from support.confined import raise_limit  # noqa: E402
from support.lab import Lab, Pair, require, wait_for  # noqa: E402
from support.relay import Relay, relay_ports  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
UNITS = sorted((ROOT / "systemd").glob("*.service"))
CONFINED = [sys.executable, str(ROOT / "tests" / "support" / "confined.py")]
EXPOSURE = 1.5  # at most, as `systemd-analyze security` counts


def analyze(*args):
    return subprocess.run(["systemd-analyze", *args], capture_output=True, text=True)


def exposure(binary, folder):
    for unit in UNITS:
        scored = analyze("security", "--offline=true", "--no-pager", str(unit)).stdout
        found = re.search(rf"exposure level for {unit.name}: ([0-9.]+)", scored)
        require(found, f"systemd-analyze does not understand {unit.name}")
        print(f"{unit.name}: exposure {found.group(1)}, at most {EXPOSURE}")
        require(float(found.group(1)) <= EXPOSURE, f"{unit.name} is exposed")


def verified(binary, folder):
    """A unit, and the station with its drop-in; the program is put where the build has it."""
    for unit in UNITS:
        at = folder / unit.name
        at.write_text(unit.read_text().replace("/usr/bin/stillwire", binary).replace("Documentation=man:stillwire(1)\n", ""))
    drop_in = folder / "stillwire-station.service.d"
    drop_in.mkdir()
    drop_in.joinpath("unlock.conf").write_text((ROOT / "systemd" / "unlock.conf").read_text().replace("/usr/bin/stillwire", binary))
    for unit in UNITS:
        done = analyze("verify", "--man=no", str(folder / unit.name))
        said = [line for line in done.stderr.splitlines() if unit.name in line or "unlock.conf" in line]
        require(done.returncode == 0 and not said, f"{unit.name}: {done.stderr}")


def under(unit, process_folder):
    return [*CONFINED, str(ROOT / "systemd" / f"stillwire-{unit}.service"), str(process_folder)]


def policies(pid):
    return {os.sched_getscheduler(int(thread)) for thread in os.listdir(f"/proc/{pid}/task")}


def may(limit, value):
    """May a unit have that limit here? Asked in a process of its own."""
    child = os.fork()
    if child == 0:
        os._exit(0 if raise_limit(limit, value) else 1)
    return os.waitpid(child, 0)[1] == 0


def line(binary, folder):
    pair = Pair(Path(binary).parent, folder / "pair")
    for party in pair.parties:
        party.init()
        party.wrap = under("carrier", party.home)
        party.start_carrier()
        party.wrap = under("station", party.home)
        party.start_station()
        party.wrap = []
        party.wait_ready()
    pair.pair()
    north, south = pair.parties
    north.send(pair.far[north], "under the units")
    wait_for("the text", lambda: any(m["id"] for m in south.inbox(pair.far[south])), 30)
    for party in pair.parties:
        if may(resource.RLIMIT_RTPRIO, 10):
            require(os.SCHED_FIFO in policies(party.carrier.pid), "the sending thread has SCHED_FIFO")
        require(policies(party.station.pid) == {os.SCHED_OTHER}, "no thread of the station has")
        require(os.readlink(f"/proc/{party.station.pid}/ns/net") != os.readlink("/proc/self/ns/net"), "the station has no network")
    for process in (p for party in pair.parties for p in (party.station, party.carrier)):
        require(process.stop() == 0, "it ends as it should")


def relay(binary, folder):
    one = Relay(Path(binary).parent, folder / "relay", 1, relay_ports(1)[0])
    one.make()
    venue = folder / "one.venue"
    one.command("venue", "make", "--relay", str(one.card), "--round-ms", "100", "--epoch-rounds", "100", "--noise", "none",
                "--stations", "4", "--out", str(venue))
    one.command("relay", "join", str(venue))
    tokens = one.command("relay", "invite", "--count", "2").split()
    one.metrics = one.home / "relay.prom"
    one.wrap = under("relay", one.home)
    one.start()
    members = [Member(Path(binary).parent, folder, venue, token, 1 + i, 2 - i) for i, token in enumerate(tokens)]
    wait_for("an epoch that is carried", lambda: one.count("rounds_carried_total"), 60)
    if may(resource.RLIMIT_MEMLOCK, resource.RLIM_INFINITY):
        require("memory is not locked" not in one.said(), "keys stay out of swap")
    wait_for("the members' cells", lambda: all(member.count("right") for member in members), 30)
    require(one.process.stop() == 0, "it ends as it should")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True, type=Path)
    binary = str((arguments.parse_args().bin / "stillwire").resolve())
    if not which("systemd-analyze"):
        print("SKIPPED: no systemd-analyze here (Debian package systemd)")
        sys.exit(77)
    steps = [exposure, verified]
    if os.getuid() == 0:
        steps += [line, relay]
    else:
        print("not root: the units' restrictions are not tried")
    with Lab("units") as folder:
        for step in steps:
            step(binary, folder)
            print(f"ok  {step.__name__}")


if __name__ == "__main__":
    main()
