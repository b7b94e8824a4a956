#!/usr/bin/env python3
"""The real binaries, end to end: pair, talk, stages, drill, watch, pause, lock, continuity, the views, exit codes, removal. smoke.py --bin DIR"""
import argparse
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.lab import Lab, Pair, require, stages, wait_for  # noqa: E402
from support.terminal import columns_of, draw  # noqa: E402
from support.texts import FOX, PARAGRAPHS, long_text  # noqa: E402


def text_of(party, message):
    return party.json("show", message)["text"]


def talk(pair):
    north, south = pair.parties
    sent = {}
    for text in [FOX, *PARAGRAPHS.values()]:
        sent[north.send(pair.far[north], text)] = text
    long_id = south.send(pair.far[south], long_text(), "--precedence", "routine", "--grade", "note")
    flash = south.send(pair.far[south], "FLASH first", "--precedence", "flash")
    wait_for("all texts in the south", lambda: len(south.inbox(pair.far[south])) == len(sent), 60)
    wait_for("both texts in the north", lambda: len(north.inbox(pair.far[north])) == 2, 60)
    for message, text in sent.items():
        require(text_of(south, message) == text, "a text arrived changed")
    require(text_of(north, long_id) == long_text(), "the long text arrived changed")
    wait_for("stored there", lambda: "stored" in stages(north.json("show", next(iter(sent)))), 20)
    south.command("stage", next(iter(sent)), "read", "--initials", "AB")
    south.command("stage", next(iter(sent)), "passed", "--initials", "AB", "--post", "Adviser")
    wait_for("passed, seen from the north", lambda: {"read", "passed"} <= stages(north.json("show", next(iter(sent)))), 20)
    require({"draft", "released", "sent"} <= stages(north.json("show", flash)) or "stored" in stages(north.json("show", flash)), "stages of a message")


def watch_and_drill(pair):
    north, south = pair.parties
    south.command("watch", "take", "--initials", "CD")
    wait_for("the far watch", lambda: north.line(pair.far[north])["watch"]["initials"] == "CD", 20)
    drill = north.command("drill", pair.far[north]).split()[0]
    wait_for("the drill there", lambda: any(m["kind"] == "drill" for m in south.json("inbox", pair.far[south])["messages"]), 20)
    require("answered" not in stages(north.json("show", drill)), "a drill was answered by no hand")
    south.command("watch", "answer")
    wait_for("the drill answered", lambda: "answered" in stages(north.json("show", drill)), 20)
    south.command("watch", "hand-over", "--initials", "EF")
    wait_for("the hand-over", lambda: north.line(pair.far[north])["watch"]["initials"] == "EF", 20)


def memory_holds(pid, needle):
    """Does the process hold these bytes? None where nobody can say: a station can be read by root alone, and a sanitizer keeps copies."""
    try:
        memory = open(f"/proc/{pid}/mem", "rb", 0)
    except PermissionError:
        return None
    with memory, open(f"/proc/{pid}/maps") as maps:
        for span, rights, *_ in (line.split() for line in maps):
            if "r" not in rights:
                continue
            begin, end = (int(part, 16) for part in span.split("-"))
            if end - begin > 1 << 32:  # a sanitizer's
                return None
            try:
                memory.seek(begin)
                if needle in memory.read(end - begin):
                    return True
            except (OSError, OverflowError, ValueError):  # the kernel's own pages
                continue
    return False


def locked_is_gone(pair):
    """What came, was shown and was sent is nowhere in the memory of a locked station."""
    north, south = pair.parties
    came = "It came before the lock, and was read. " * 50
    sent = "It was sent before the lock, and is there. " * 50
    message = north.send(pair.far[north], came)
    wait_for("the text", lambda: any(m["id"] == message for m in south.inbox(pair.far[south])), 30)
    require(text_of(south, message) == came, "the text is shown")
    answer = south.send(pair.far[south], sent)
    wait_for("the answer there", lambda: "stored" in stages(south.json("show", answer)), 30)
    south.command("lock")
    passphrase = south.passphrase_file.read_text().strip()
    for needle in (came[400:500], sent[400:500], passphrase):
        require(not memory_holds(south.station.pid, needle.encode()), f"a locked station still holds: {needle}")
    south.command("unlock", "--passphrase-file", str(south.passphrase_file))
    pair.wait_open()


def pause_and_lock(pair):
    north, south = pair.parties
    north.command("line", "pause", pair.far[north])
    south.wait_state(pair.far[south], "PAUSED", 20)
    north.command("line", "resume", pair.far[north])
    pair.wait_open()
    south.command("lock")
    require(south.json("status")["locked"], "locked")
    south.command("status", ok=(3,))
    south.command("inbox", ok=(3,))
    waiting = north.send(pair.far[north], "while you were locked")
    north.wait_state(pair.far[north], "DOWN", 30)
    south.command("unlock", "--passphrase-file", str(south.passphrase_file))
    pair.wait_open()
    wait_for("what waited", lambda: any(m["id"] == waiting for m in south.inbox(pair.far[south])), 30)


def rename_and_export(pair):
    north, _ = pair.parties
    north.command("line", "rename", pair.far[north], "renamed")
    pair.far[north] = "renamed"
    require(north.line("renamed")["state"] == "OPEN", "the renamed line is open")
    require(len(north.json("export", "renamed")["messages"]) >= 8, "export has the messages")


def continuity(pair):
    north, south = pair.parties
    backup = south.folder_backup = pair.folder / "south.backup"
    south.command("backup", str(backup))
    require(backup.stat().st_mode & 0o777 == 0o600, "a backup is 0600")
    for i in range(3):
        north.send(pair.far[north], f"after the backup {i}")
    south.station.stop()
    for name in ("station.db", "station.db-wal", "station.db-shm"):
        (south.home / name).unlink(missing_ok=True)
    south.command("restore", str(backup))
    south.start_station(locked=True)
    south.wait_ready()
    south.command("unlock", "--passphrase-file", str(south.passphrase_file))
    log = (south.home / "station.log").read_text().splitlines()
    require(log == ["station: running, open", "station: stopped", "station: running, locked; open it with: stillwire unlock"], f"a station says how it runs: {log}")
    checks = [wait_for("continuity broken", lambda p=p: p.line(pair.far[p])["continuity_check"], 60) for p in pair.parties]
    require(checks[0] == checks[1] and len(checks[0]) == 6, f"both desks show the same groups: {checks}")
    require(all(p.line(pair.far[p])["continuity"] == "broken" for p in pair.parties), "both say broken")
    for party in pair.parties:
        def confirmed(party=party):
            # Refused for as long as the session before still counts as open (protocol 4.4).
            party.command("line", "continuity", pair.far[party], "--confirm", ok=(0, 75))
            return party.code == 0
        wait_for("the confirmation to be taken", confirmed, 15)
    pair.wait_open()
    wait_for("what came after the backup", lambda: sum(m["bytes"] > 0 for m in south.inbox(pair.far[south])) >= 3, 30)


def views(pair):
    """Every row fits its terminal, a line in Arabic too; a picture that is not live says so."""
    north, south = pair.parties
    line, name = pair.far[south], "\u0627\u0644\u0642\u0627\u0647\u0631\u0629"
    south.command("line", "rename", line, name)
    north.send(pair.far[north], PARAGRAPHS["Arabic"], "--precedence", "flash")
    message = wait_for("the FLASH", lambda: [m for m in south.inbox(name) if m["precedence"] == "flash"], 20)[-1]["id"]
    for columns in (60, 80, 120):
        for args in (["status"], ["line", "show", name], ["inbox"], ["show", message], ["watch", "status"], ["--help"]):
            drawn = draw([south.binary, "--home", str(south.home), *args], columns)
            require(drawn.strip(), f"{args} drew nothing")
            for row in drawn.split("\n") if args != ["--help"] or columns >= 80 else []:
                require(columns_of(row) <= columns, f"{args} at {columns}: {columns_of(row)} columns: {row!r}")
    status = south.command("status", ok=None)
    require(f"\u2068{name}\u2069" in status and "waits for you" in status or "wait for you" in status, status)
    south.command("line", "rename", name, line)

    frozen = threading.Timer(1.5, lambda: north.station.signal(signal.SIGSTOP))
    frozen.start()
    drawn = draw([north.binary, "--home", str(north.home), "status", "--watch"], 80, seconds=15, until=lambda d: "NOT LIVE" in d)
    frozen.join()
    north.station.signal(signal.SIGCONT)
    pictures = drawn.split("\x1b[H")
    require(len(pictures) >= 2 and "UTC" in pictures[1], f"a live picture: {drawn!r}")
    require(pictures[-1].startswith("SCREEN NOT LIVE"), f"a picture of a hung station: {pictures[-1]!r}")
    pair.wait_open()


def contract(pair):
    """--json everywhere, exit codes, waiting, a new passphrase, completion that a shell takes."""
    north, _ = pair.parties
    line, same = pair.far[north], str(north.passphrase_file)
    for args, code in ((["line", "ls"], 0), (["line", "show", line], 0), (["inbox", line], 0), (["watch", "status"], 0), (["status"], 0),
                       (["export", line], 0), (["config", "check"], 0), (["version"], 0), (["pair", "check", "--line", line], 0),
                       (["line", "address", line, pair.observer.b], 0), (["line", "continuity", line], 0), (["completion", "bash"], 0),
                       (["passphrase", "--passphrase-file", same, "--new-passphrase-file", same], 0),
                       (["status", "--wait", "OPEN", "--timeout", "20"], 0), (["status", "--wait", "DOWN", "--timeout", "1"], 1),
                       (["line", "continuity", line, "--confirm"], 75), (["pair", "cancel", "--line", line], 75), (["show", "0" * 32], 66),
                       (["line", "show", "nowhere"], 66), (["nonsense"], 64), (["watch", "take"], 64), (["panic"], 64)):
        out = north.command(*args, "--json", ok=None)
        require(north.code == code, f"{args}: exit {north.code}, not {code}: {north.stderr}")
        answer = json.loads(out)
        require(code < 64 or {"code", "detail"} <= answer.keys(), f"{args}: {out}")
    north.command("pair", "offer", "--line", "spare", "--at", "127.0.0.1:7144", "--qr", "--out", str(pair.folder / "spare.card"))
    first = (pair.folder / "spare.card").read_text()
    north.command("pair", "offer", "--line", "spare", "--at", "127.0.0.1:7144", "--out", str(pair.folder / "spare.card"), "--replace")
    require((pair.folder / "spare.card").read_text() != first, "--replace makes another card")
    north.command("status", ok=(3,))  # an unconfirmed line is UNKNOWN
    north.command("pair", "cancel", "--line", "spare")
    script = "source <(\"$0\" completion bash); COMP_WORDS=(stillwire pair of); COMP_CWORD=2; _stillwire; echo ${COMPREPLY[*]}"
    offered = subprocess.run(["bash", "-c", script, north.binary], capture_output=True, text=True, timeout=20)
    require(offered.stdout.strip() == "offer", f"completion: {offered.stdout}{offered.stderr}")


def sockets(pair):
    """The station holds no network socket but the desk's listener on loopback, which was handed over."""
    for party in pair.parties:
        inodes = set()
        for fd in os.listdir(f"/proc/{party.station.pid}/fd"):
            try:
                target = os.readlink(f"/proc/{party.station.pid}/fd/{fd}")
            except FileNotFoundError:
                continue
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
        net = Path("/proc/net")
        for table in ("tcp", "tcp6", "udp", "udp6", "raw", "netlink"):
            for row in (net / table).read_text().splitlines()[1:]:
                fields = row.split()
                desk = table == "tcp" and fields[1].startswith("0100007F:") and fields[3] == "0A"  # 127.0.0.1, LISTEN
                require(desk or not inodes & set(fields), f"the station holds a {table} socket")
        status = Path(f"/proc/{party.station.pid}/status").read_text()
        require("Seccomp:\t2" in status, "the station runs under seccomp")
        require("NoNewPrivs:\t1" in status, "no new privileges")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    bin_dir = arguments.parse_args().bin
    with Lab("smoke") as folder:
        pair = Pair(bin_dir, folder / "pair", round_ms=100)
        pair.bring_up()
        pair.wait_open()
        for step in (talk, watch_and_drill, locked_is_gone, pause_and_lock, rename_and_export, views, contract, sockets, continuity):
            step(pair)
            print(f"ok {step.__name__}", flush=True)
        sizes = {size for _, _, size in pair.observer.frames()}
        require(sizes == {1192}, f"sizes on the wire: {sizes}")
        pair.north.command("line", "rm", pair.far[pair.north])
        require(pair.north.json("line", "ls")["lines"] == [], "the line is gone")
        pair.stop()


main()
