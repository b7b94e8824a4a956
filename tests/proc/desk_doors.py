#!/usr/bin/env python3
"""The doors of a station, on the real binary: links, seats, operators, roles, compartments, tokens, and everybody who should not come in. The wire
keeps its cadence and nothing of it is in the logs. desk_doors.py --bin DIR"""
import argparse
import json
import os
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.attack import now_ns, quiet_logs, steady_wire  # noqa: E402
from support.desk import Refused, Seat  # noqa: E402
from support.lab import Lab, Pair, require, wait_for  # noqa: E402

ADMIN, OFFICER = ("Ada", "a passphrase of Ada's"), ("Oscar", "a passphrase of Oscar's")


def link(party):
    return party.json("desk")["link"]


def expect(answer, status, word=None):
    require(answer[0] == status and (word is None or word in json.dumps(answer[1])), f"wanted {status} {word}, got {answer}")
    return answer[1]


def seat_of(party, person):
    seat = Seat(link(party))
    expect(seat.sign_in(*person), 200)
    return seat


def headers_of(seat):
    for target in ("/", "/none", "/api/v1/seat", "/../station.db", "/assets/../../station.db"):
        _, headers, body = seat.raw("GET", target)
        require("default-src 'self'" in headers["Content-Security-Policy"] and "frame-ancestors 'none'" in headers["Content-Security-Policy"], target)
        require(headers["Permissions-Policy"].startswith("camera=(self), microphone=()"), f"{target}: the pairing screen's camera and nothing more")
        require(headers["Cache-Control"] == "no-store" and headers["X-Content-Type-Options"] == "nosniff", f"{target}: {headers}")
        require(headers["Referrer-Policy"] == "no-referrer" and "Access-Control-Allow-Origin" not in headers, f"{target}: {headers}")
        require(b"SQLite" not in body, "a file of the home")
    require(seat.raw("GET", "/none")[0] == 404 and seat.raw("GET", "/../station.db")[0] == 404, "only the page's own files")


def links(party):
    one = link(party)
    seat = Seat(one)
    require("HttpOnly" in seat.set_cookie and "SameSite=Strict" in seat.set_cookie and seat.set_cookie.startswith("stillwire-"), seat.set_cookie)
    for wrong in (one, one[:-43] + "A" * 43):
        try:
            Seat(wrong)
            require(False, "a link that is none was taken")
        except Refused as refused:
            require("stillwire desk" in str(refused), f"what to do: {refused}")
    require(party.command("desk").startswith("http://127.0.0.1:"), "the command prints the link")
    expect(seat.call("POST", "desk/link"), 403)  # a seat makes none
    headers_of(seat)
    return seat


def strangers(seat):
    """Another page, another host name, a page without its token: refused, whatever they ask."""
    evil = {"origin": "http://evil.example"}
    for changed in (evil, {"origin": None}, {"origin": "null"}, {"origin": seat.origin.replace("127.0.0.1", "localhost")}, {"host": "evil.example"},
                    {"host": "localhost:" + seat.address.split(":")[1]}, {"host": None}, {"token": None}, {"token": "A" * 43}, {"cookie": None},
                    {"cookie": "stillwire-00000000=" + "A" * 43}):
        for call in (("POST", "sign-out"), ("POST", "panic", {"confirm": "erase"})):
            status, answer = seat.call(*call, **changed)
            require(status in (400, 403) and answer["code"] in ("refused", "usage"), f"{call} with {changed}: {status} {answer}")
    expect(seat.call("GET", "seat", **evil), 403)
    expect(seat.call("GET", "seat", host="evil.example"), 403)
    expect(seat.call("GET", "seat", token=None), 403, "token")
    status, headers, _ = seat.raw("OPTIONS", "/api/v1/seat", more={"Access-Control-Request-Method": "POST"}, origin="http://evil.example")
    require(status in (400, 403) and not any(name.lower().startswith("access-control") for name in headers), f"CORS: {status} {headers}")
    status, headers, _ = seat.raw("GET", "/", host="evil.example")
    require(status == 403, "a page for another host name (a name that was bound to this address)")
    for changed, says in ((evil, None), ({"origin": None}, None), ({"cookie": None}, None), ({"host": "evil.example"}, None)):
        try:
            feed = seat.events(says=says, **changed)
            require(False, f"events for {changed}: {feed.next(2)}")
        except RuntimeError:
            pass
    expect(seat.call("GET", "seat"), 200)


def first_run(party, seat):
    state = expect(seat.call("GET", "seat"), 200)
    require(state == {"operator": None, "idle_s": 0, "first_run": True, "locked": False}, state)
    expect(seat.call("GET", "status"), 403, "sign in")
    body = {"name": ADMIN[0], "initials": "AD", "role": "officer", "passphrase": ADMIN[1]}
    expect(seat.call("POST", "operators", body), 400, "admin")
    expect(seat.call("POST", "operators", {**body, "role": "admin", "passphrase": "short"}), 400, "8")
    expect(seat.call("POST", "operators", {**body, "role": "admin", "language": "ar"}), 200)
    expect(seat.call("POST", "operators", {**body, "name": "Eve", "initials": "EV", "role": "admin"}), 403)
    state = expect(seat.sign_in(*ADMIN), 200)
    require(state["operator"]["role"] == "admin" and state["operator"]["language"] == "ar" and state["idle_s"] > 890, state)
    expect(seat.call("POST", "operators", {"name": OFFICER[0], "initials": "OS", "role": "officer", "passphrase": OFFICER[1]}), 200)
    require(ADMIN[1].encode() not in (party.home / "station.db").read_bytes(), "a passphrase on the disk")


def wrong_passphrases(party):
    """Five tries; a right one comes through afterwards only when it waits. Others are not held up, and rounds go on."""
    seat = Seat(link(party))
    for _ in range(5):
        expect(seat.sign_in(OFFICER[0], "not Oscar's passphrase"), 403, "wrong")
    expect(seat.sign_in(*OFFICER), 409, "wait")
    for _ in range(5):
        expect(seat.sign_in("Nobody", "whatever it may be"), 403, "wrong")
    expect(seat.sign_in("Nobody else", "whatever it may be"), 409, "wait")
    expect(seat.sign_in(*ADMIN), 200)
    expect(seat.call("POST", "sign-out"), 200)
    expect(seat.call("GET", "lines"), 403, "sign in")


def two_seats(party, line):
    """Two operators at once; the page of one is loaded again."""
    admin = seat_of(party, ADMIN)
    expect(admin.call("POST", f"operators/{OFFICER[0]}/change", {"passphrase": OFFICER[1] + "!"}), 200)
    expect(admin.call("POST", f"operators/{OFFICER[0]}/change", {"passphrase": OFFICER[1]}), 200)
    # The tries of the wrong passphrases are not Oscar's fault for ever: one comes back each half minute.
    officer = Seat(link(party))
    wait_for("Oscar's next try", lambda: officer.sign_in(*OFFICER)[0] == 200, 45)
    feeds = [seat.events() for seat in (admin, officer)]
    for feed in feeds:
        require(feed.next(3)["event"] == "status", "both are told")
    taken = expect(officer.call("POST", "watch/take"), 200)
    require(taken["initials"] == "OS", "signed with their own initials")
    expect(officer.call("POST", "watch/take", {"initials": "AD"}), 403, "own initials")
    sent = expect(officer.call("POST", "messages", {"line": line, "text": "from the desk"}), 200)["id"]
    expect(officer.call("POST", "messages", {"line": line, "text": "x", "precedence": "flash"}), 403, "draft")
    for feed in feeds:
        def told(feed=feed):
            event = feed.next(3)
            return event and event["event"] == "message" and event["message"]["id"] == sent
        wait_for("the message at both seats", told, 10)
    old = officer.token
    answer = expect(officer.call("POST", "seat/resume", {"operator": OFFICER[0], "passphrase": OFFICER[1]}, token=None), 200)
    expect(officer.call("GET", "status"), 403, "token")
    officer.token = answer["token"]
    require(officer.token != old, "another token")
    expect(officer.call("GET", "status"), 200)
    feeds[1].close()
    return admin, officer, feeds[0]


def own_passphrase(party, admin):
    """The old one proves who it is; the other seats end, this one stays, and the tries are counted."""
    new = OFFICER[1] + ", another"
    one, other = seat_of(party, OFFICER), seat_of(party, OFFICER)
    feed = one.events()
    require(feed.next(3)["event"] == "status", "the officer watches")
    ask = "seat/passphrase"
    expect(Seat(link(party)).call("POST", ask, {"old": OFFICER[1], "new": new}), 403, "sign in")
    expect(one.call("POST", ask, {"old": OFFICER[1], "new": "short"}), 400, "8")
    expect(one.call("POST", ask, {"new": new}), 400)
    expect(one.call("POST", ask, {"old": "not Oscar's passphrase", "new": new}), 403, "wrong")
    expect(other.call("GET", "status"), 200)
    expect(one.call("POST", ask, {"old": OFFICER[1], "new": new}), 200)
    expect(one.call("GET", "status"), 200)
    expect(other.call("GET", "status"), 403, "stillwire desk")
    require(feed.open, "the feed of the seat goes on")
    feed.close()
    again = Seat(link(party))
    expect(again.sign_in(*OFFICER), 403, "wrong")
    expect(again.sign_in(OFFICER[0], new), 200)
    expect(again.call("POST", ask, {"old": new, "new": OFFICER[1]}), 200)
    guest = ("Guest", "a passphrase of the guest's")
    expect(admin.call("POST", "operators", {"name": guest[0], "initials": "GU", "role": "officer", "passphrase": guest[1]}), 200)
    left = seat_of(party, guest)
    for _ in range(5):
        expect(left.call("POST", ask, {"old": "not the guest's passphrase", "new": new}), 403, "wrong")
    expect(left.call("POST", ask, {"old": guest[1], "new": new}), 409, "wait")
    expect(admin.call("POST", f"operators/{guest[0]}/remove"), 200)


def role_taken_away(admin, officer, line):
    feed = officer.events()
    require(feed.next(3)["event"] == "status", "the officer watches")
    expect(officer.call("POST", "operators", {"name": "x", "initials": "X", "role": "admin", "passphrase": "x" * 9}), 403)
    expect(officer.call("POST", f"operators/{OFFICER[0]}/change", {"role": "admin"}), 403)
    expect(officer.call("POST", f"operators/{OFFICER[0]}/change", {"language": "ru"}), 200)
    expect(officer.call("GET", "status"), 200)
    expect(admin.call("POST", f"operators/{OFFICER[0]}/change", {"role": "archivist"}), 200)
    wait_for("the feed to end", lambda: feed.next(0.1) is None and not feed.open, 3)
    expect(officer.call("POST", "messages", {"line": line, "text": "too late"}), 403, "stillwire desk")
    expect(officer.call("GET", "seat"), 403, "ended")
    expect(admin.call("POST", f"operators/{OFFICER[0]}/change", {"role": "officer"}), 200)
    expect(admin.call("POST", f"operators/{ADMIN[0]}/change", {"role": "officer"}), 409, "last admin")


def compartments(party, admin, line):
    """Another line is there, and for Oscar it is not."""
    party.command("pair", "offer", "--line", "quiet", "--at", "127.0.0.1:9", "--out", str(party.home / "quiet.card"))
    expect(admin.call("POST", f"operators/{OFFICER[0]}/change", {"lines": [line]}), 200)
    officer = seat_of(party, OFFICER)
    feed = officer.events()
    status = feed.next(3)["status"]
    require([each["name"] for each in status["lines"]] == [line], f"the feed: {status['lines']}")
    require([each["name"] for each in officer.call("GET", "status")[1]["lines"]] == [line], "the status")
    expect(officer.call("GET", "lines/quiet"), 404)
    expect(officer.call("POST", "lines/quiet/pause"), 404)
    expect(admin.call("GET", "lines/quiet"), 200)
    expect(admin.call("POST", f"operators/{OFFICER[0]}/change", {"lines": []}), 200)
    blind = seat_of(party, OFFICER)
    require(blind.call("GET", "messages")[1]["messages"] == [] and blind.call("GET", "lines")[1] == {"lines": []}, "no line, no message")
    feed = blind.events()
    end = time.monotonic() + 2
    while time.monotonic() < end:
        event = feed.next(0.5)
        require(not event or event["event"] != "message", f"told of another's message: {event}")
    feed.close()
    expect(admin.call("POST", f"operators/{OFFICER[0]}/change", {"lines": None}), 200)


def tokens(party, admin, line):
    secret = expect(admin.call("POST", "tokens", {"name": "monitor", "scope": ["status", f"send:{line}:priority"]}), 200)["token"]
    bearer = {"Authorization": f"Bearer {secret}"}
    program = {"cookie": None, "token": None, "origin": None, "more": bearer}
    expect(admin.call("GET", "lines", **program), 200)
    expect(admin.call("GET", "messages", **program), 403)
    expect(admin.call("POST", "messages", {"line": line, "text": "by a program", "precedence": "priority"}, **program), 200)
    expect(admin.call("POST", "messages", {"line": line, "text": "x", "precedence": "immediate"}, **program), 403)
    expect(admin.call("POST", "watch/take", {"initials": "X"}, **program), 403)
    expect(admin.call("POST", "lock", **program), 403)
    expect(admin.call("GET", "operators", **program), 403)
    expect(admin.call("POST", "desk/link", **program), 403)
    expect(admin.call("GET", "seat", **program), 403)
    expect(admin.call("GET", "lines", **{**program, "origin": "http://evil.example"}), 403)
    expect(admin.call("GET", "lines", more={"Authorization": "Bearer SW1-TOKEN:" + "A" * 43}), 403, "token")  # a wrong one is not made up for by a seat
    expect(admin.call("GET", "lines", more={"Authorization": "Basic eA=="}), 403, "token")
    feed = admin.events(says=None, cookie=None, origin=None, more=bearer)
    require(feed.next(3)["event"] == "status", "a program watches")
    # On the Unix socket, too, whoever shows a token has its rights and no more.
    require(party.api("GET", "lines", headers=bearer)[0] == 200 and party.api("GET", "messages", headers=bearer)[0] == 403, "on the socket")
    require(party.api("POST", "desk/link", {}, headers=bearer)[0] == 403, "no link for a token")
    expect(admin.call("POST", "tokens/monitor/remove"), 200)
    wait_for("the program's feed to end", lambda: feed.next(0.1) is None and not feed.open, 3)
    expect(admin.call("GET", "lines", **program), 403, "removed")
    require(party.json("token", "ls") == {"tokens": []}, "token ls")


def commands(party, folder):
    """The same by the command line."""
    file = folder / "passphrase"
    file.write_text("a passphrase of Ines'\n")
    file.chmod(0o600)
    party.command("operator", "add", "Ines", "--initials", "IN", "--role", "interpreter", "--language", "fr", "--passphrase-file", str(file))
    seat = seat_of(party, ("Ines", "a passphrase of Ines'"))
    expect(seat.call("GET", "messages"), 200)
    expect(seat.call("POST", "watch/take"), 403)
    require("Ines" in party.command("operator", "ls") and "interpreter" in party.command("operator", "ls"), "operator ls")
    party.command("operator", "change", "Ines", "--role", "officer", "--line", "quiet")
    expect(seat.call("GET", "messages"), 403)
    require([o["lines"] for o in party.json("operator", "ls")["operators"] if o["name"] == "Ines"] == [["quiet"]], "her line")
    party.command("operator", "change", "Ines", "--all-lines")
    require([o["lines"] for o in party.json("operator", "ls")["operators"] if o["name"] == "Ines"] == [None], "every line")
    party.command("operator", "rm", "Ines")
    party.command("operator", "rm", "Ines", ok=(66,))
    token = party.command("token", "add", "reader", "--scope", "read:quiet").strip()
    require(token.startswith("SW1-TOKEN:"), "token add")
    require("read:quiet" in party.command("token", "ls"), "token ls")
    party.command("token", "rm", "reader")


def locked(party, admin):
    """Locked, nobody is signed in; the passphrase of the store unlocks from a seat."""
    feed = admin.events()
    require(feed.next(3), "watching")
    expect(admin.call("POST", "lock"), 200)
    wait_for("the feed to end", lambda: feed.next(0.1) is None and not feed.open, 3)
    state = expect(admin.call("GET", "seat"), 200)
    require(state["operator"] is None and state["locked"] and not state["first_run"], state)
    expect(admin.call("GET", "status"), 403)
    expect(admin.sign_in(*ADMIN), 423)
    expect(admin.call("POST", "operators", {"name": "Eve", "initials": "EV", "role": "admin", "passphrase": "x" * 9}), 423)
    expect(admin.call("POST", "unlock", {"passphrase": "wrong"}), 422)
    expect(admin.call("POST", "unlock", {"passphrase": party.passphrase_file.read_text().strip()}), 200)
    expect(admin.call("GET", "lines"), 403, "sign in")
    expect(admin.sign_in(*ADMIN), 200)


def off_the_network(party, seat):
    """With a connection open at the desk the station holds nothing of the network but that and its listener, and listens on loopback only."""
    host, port = seat.address.split(":")
    held = socket.create_connection((host, int(port)), 5)
    held.sendall(b"GET / HTTP/1.1\r\n")
    time.sleep(0.2)
    inodes = {os.readlink(f"/proc/{party.station.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{party.station.pid}/fd")}
    own = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:] if f"socket:[{row.split()[9]}]" in inodes]
    require({row[3] for row in own} == {"0A", "01"}, f"a listener and the connection: {own}")
    require(all(row[1] == f"0100007F:{int(port):04X}" for row in own), f"on loopback: {own}")
    status = Path(f"/proc/{party.station.pid}/status").read_text()
    require("Seccomp:\t2" in status, "under seccomp")
    held.close()


def bad_configuration(party):
    """An address that is not loopback is refused, and one that is taken, too."""
    busy = socket.create_server(("127.0.0.1", 0))
    for desk, code in (("0.0.0.0:0", 78), ("192.0.2.1:80", 78), ("localhost:0", 78), (f"127.0.0.1:{busy.getsockname()[1]}", 74)):
        (party.home / "stillwire.toml").write_text(f'[station]\ndesk = "{desk}"\n')
        party.command("station", "--passphrase-file", str(party.passphrase_file), ok=(code,), timeout=20)
    (party.home / "stillwire.toml").write_text('[station]\ndesk = "127.0.0.2:0"\n')
    party.command("config", "check")
    party.start_station()
    party.wait_ready()
    require(link(party).startswith("http://127.0.0.2:"), "where the configuration says")
    expect(seat_of(party, ADMIN).call("GET", "status"), 200)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    options = arguments.parse_args()
    with Lab("desk doors") as folder:
        pair = Pair(options.bin, folder / "pair", round_ms=100)
        pair.bring_up()
        pair.wait_open()
        north, line = pair.north, pair.far[pair.north]
        began = now_ns()
        seat = links(north)
        strangers(seat)
        print("ok links, strangers", flush=True)
        first_run(north, seat)
        wrong_passphrases(north)
        print("ok first run, wrong passphrases", flush=True)
        admin, officer, feed = two_seats(north, line)
        role_taken_away(admin, officer, line)
        print("ok two seats, role taken away", flush=True)
        own_passphrase(north, admin)
        compartments(north, admin, line)
        tokens(north, admin, line)
        print("ok own passphrase, compartments, tokens", flush=True)
        commands(north, folder)
        off_the_network(north, admin)
        steady_wire(pair, began, now_ns())
        locked(north, admin)
        print("ok commands, network, lock", flush=True)
        north.station.stop()
        bad_configuration(north)
        expect(seat_of(north, OFFICER).call("GET", "status"), 200)  # operators are there after a restart
        quiet_logs(pair)
        pair.stop()


main()
