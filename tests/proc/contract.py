#!/usr/bin/env python3
"""The API's contract both ways, against a real station: every call that openapi.json describes is made with what it allows and answers as it says;
what it does not allow is refused with a problem. contract.py --bin DIR"""
import argparse
import json
import sys
from pathlib import Path

import jsonschema

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.desk import Seat  # noqa: E402
from support.events import Events  # noqa: E402
from support.lab import PASSPHRASE, Lab, Pair, free_ports, require, wait_for  # noqa: E402

ID = "0123456789abcdef0123456789abcdef"


class Contract:
    def __init__(self, party):
        self.party, self.made = party, set()
        status, self.document = party.api("GET", "openapi.json")
        require(status == 200, "the document is not served")
        source = Path(__file__).resolve().parents[2] / "src/faces/api"
        whole = json.loads((source / "openapi.json").read_text())
        for part in sorted(source.glob("openapi_*.json")):
            more = json.loads(part.read_text())
            whole["paths"].update(more["paths"])
            whole["components"]["schemas"].update(more["schemas"])
        require(self.document == whole, "the document is not the source's")

    def valid(self, schema, value):
        jsonschema.Draft202012Validator({**schema, "components": self.document["components"]}).validate(value)

    def call(self, method, path, body=None, query="", names=None, wanted=200, by=None):
        """Makes one call of the document; its answer, which is as the document says, and so was the body. by: a seat, else the Unix socket."""
        described = self.document["paths"][path][method]
        self.made.add((method, path))
        target = path.lstrip("/").format(**(names or {})) + (f"?{query}" if query else "")
        if method == "post" and wanted == 200:
            self.valid(described["requestBody"]["content"]["application/json"]["schema"], body or {})
        status, answer = by.call(method.upper(), target, body) if by else self.party.api(method.upper(), target, body)
        require(status == wanted, f"{method} {target}: {status} {answer}")
        if status == 200:
            self.valid(described["responses"]["200"]["content"]["application/json"]["schema"], answer)
        else:
            self.valid({"$ref": "#/components/schemas/Problem"}, answer)
        return answer

    def refuses(self, method, path, names=None, by=None):
        """A field that the document does not have, and each field with another type, is an error of the caller."""
        described = self.document["paths"][path][method]
        target = path.lstrip("/").format(**(names or {}))
        fields = described["requestBody"]["content"]["application/json"]["schema"]["properties"]
        for body in [{"unknown": 1}, *({name: {}} for name in fields)]:
            status, answer = by.call("POST", target, body) if by else self.party.api("POST", target, body)
            require(status == 400, f"{target} with {body}: {status}")
            self.valid({"$ref": "#/components/schemas/Problem"}, answer)

    def all_made(self):
        described = {(method, path) for path, methods in self.document["paths"].items() for method in methods}
        require(self.made == described, f"not made: {described - self.made}")


def lines(api, pair, line):
    api.call("get", "/status")
    api.call("get", "/lines")
    api.call("get", "/lines/{name}", names=line)
    api.call("get", "/lines/{name}", names={"name": "nobody"}, wanted=404)
    api.call("get", "/pair/check", query=f"line={line['name']}")
    api.call("post", "/lines/{name}/pause", names=line)
    api.call("get", "/lines/{name}", names=line)
    api.call("post", "/lines/{name}/resume", names=line)
    api.call("post", "/lines/{name}/address", {"at": [pair.observer.b]}, names=line)
    api.call("post", "/lines/{name}/continuity", {"confirm": True}, names=line, wanted=409)
    api.call("post", "/lines/{name}/venue", {"act": "propose", "venue": "0123"}, names=line, wanted=404)
    api.call("post", "/lines/{name}/venue", {"act": "accept"}, names=line, wanted=409)
    api.call("post", "/lines/{name}/rename", {"to": "renamed"}, names=line)
    api.call("post", "/lines/{name}/rename", {"to": line["name"]}, names={"name": "renamed"})


def pairing(north, south):
    """A second line, which need not open."""
    other = {"line": "other"}
    ports = free_ports(2)
    cards = [api.call("post", "/pair/offer", {**other, "at": [f"127.0.0.1:{port}"], "round_ms": 100})["card"] for api, port in zip((north, south), ports)]
    north.call("get", "/lines")
    north.call("post", "/pair/accept", {**other, "card": cards[0]}, wanted=403)
    north.call("post", "/pair/confirm", other, wanted=409)
    checks = [api.call("post", "/pair/accept", {**other, "card": card})["check"] for api, card in ((north, cards[1]), (south, cards[0]))]
    require(checks[0] == checks[1], "the check numbers differ")
    for api in (north, south):
        api.call("post", "/pair/confirm", other)
    north.call("get", "/lines/{name}", names={"name": "other"})
    north.call("post", "/pair/cancel", other, wanted=409)
    third = {"line": "third"}
    north.call("post", "/pair/offer", {**third, "at": [f"127.0.0.1:{ports[0]}"]})
    north.call("post", "/pair/cancel", third)


def messages(api, line):
    body = {"line": line["name"], "text": "hello", "precedence": "flash", "grade": "service", "exercise": True, "id": ID}
    require(api.call("post", "/messages", body)["id"] == ID, "the id that was given")
    api.call("post", "/messages", {**body, "text": "other"}, wanted=409)
    api.call("post", "/messages", {"line": line["name"], "text": "hello"})
    api.call("post", "/lines/{name}/drill", names=line)
    api.call("get", "/messages")
    api.call("get", "/messages", query=f"line={line['name']}")
    wait_for("stored there", lambda: len(api.call("get", "/messages/{id}", names={"id": ID})["stages"]) == 4, 30)
    api.call("post", "/messages/{id}/stage", {"stage": "read", "initials": "AB"}, names={"id": ID}, wanted=403)
    api.call("get", "/lines/{name}/export", names=line)
    search(api, line)
    drafts(api, line)
    sheets(api, line)


def sheets(api, line):
    api.call("get", "/lines/{name}/sheet", names=line)
    pair = {"ours": "Ministre", "theirs": "Minister"}
    api.call("post", "/lines/{name}/sheet", {"titles": [pair], "salutations": [pair], "phrases": [{**pair, "code": "A1"}], "initials": "AB"}, names=line)
    require(api.call("get", "/lines/{name}/sheet", names=line)["phrases"][0]["code"] == "A1", "the sheet came back otherwise")
    api.call("post", "/lines/{name}/notes", {"text": "call back at six", "initials": "AB"}, names=line)
    api.call("get", "/lines/{name}/notes", names=line)
    require(api.call("get", "/watch/sheet")["lines"], "nothing is handed over")


def search(api, line):
    found = api.call("get", "/messages", query=f"line={line['name']}&search=HELLO")
    require({m["text"] for m in (api.call("get", "/messages/{id}", names={"id": m["id"]}) for m in found["messages"])} == {"hello"}, f"{found}")
    api.call("get", "/messages", query=f"search=hello&before={found['messages'][0]['id']}")
    api.call("get", "/messages", query="search=", wanted=400)
    api.call("get", "/messages", query=f"before={ID}", wanted=400)
    file = {"name": "plan.bin", "base64": "AP/+"}
    one = {"id": api.call("post", "/messages", {"line": line["name"], "file": file})["id"]}
    require(api.call("get", "/messages/{id}/file", names=one) == file, "the file came back otherwise")
    api.call("get", "/messages/{id}/file", names={"id": ID}, wanted=404)
    api.call("get", "/messages/{id}", names=one)


def drafts(api, line):
    body = {"line": line["name"], "text": "formal", "precedence": "flash", "grade": "note", "exercise": True, "initials": "AB"}
    one = {"id": api.call("post", "/drafts", body)["id"]}
    api.call("post", "/drafts/{id}/change", {"text": "formal and short", "initials": "AB"}, names=one)
    api.call("post", "/drafts/{id}/offer", {"initials": "AB"}, names=one)
    require(len(api.call("get", "/drafts")["drafts"]) == 1, "the draft is not there")
    api.call("get", "/drafts", query=f"line={line['name']}&initials=CD")
    api.call("post", "/drafts/{id}/release", {"initials": "AB"}, names=one, wanted=403)
    api.call("post", "/drafts/{id}/release", {"initials": "CD", "version": 1}, names=one, wanted=409)
    require(api.call("post", "/drafts/{id}/release", {"initials": "CD", "version": 2}, names=one) == one, "the id of the draft")
    api.call("post", "/drafts/{id}/release", {"initials": "EF"}, names=one, wanted=409)
    other = {"id": api.call("post", "/drafts", {**body, "id": ID[::-1]})["id"]}
    api.call("post", "/drafts/{id}/discard", {"initials": "CD"}, names=other, wanted=404)
    api.call("post", "/drafts/{id}/discard", {"initials": "AB"}, names=other)


def received(api, message):
    """The other side's station: a message that came."""
    one = {"id": message}
    wait_for("the message", lambda: api.party.api("GET", f"messages/{message}")[0] == 200, 30)
    api.call("post", "/messages/{id}/stage", {"stage": "passed", "initials": "AB", "post": "Adviser"}, names=one)
    api.call("post", "/messages/{id}/stage", {"stage": "not-now", "initials": "AB"}, names=one)
    api.call("get", "/messages/{id}", names=one)
    api.call("post", "/messages/{id}/translation", {"language": "fr", "text": "bonjour", "initials": "AB"}, names=one)
    api.call("post", "/messages/{id}/translation/certify", {"initials": "EF"}, names=one, wanted=409)
    api.call("post", "/messages/{id}/translation/review", {"initials": "CD", "version": 1}, names=one)
    api.call("post", "/messages/{id}/translation/certify", {"initials": "EF"}, names=one)
    back = api.call("post", "/messages/{id}/read-back", {"text": "hello", "initials": "AB"}, names=one)
    api.call("get", "/messages/{id}", names=back)
    shown = api.call("get", "/messages/{id}", names=one)
    require(shown["read_back"] == "given" and shown["translation"]["certifier"] == "EF", f"{shown}")
    line = shown["line"]
    answer = api.call("post", "/messages", {"line": line, "text": "answer", "ref": message, "initials": "AB"})
    require(api.call("get", "/messages/{id}", names=answer)["ref"] == message, "the answer does not say so")


def settled(api, message):
    """The read-back that came is right."""
    one = {"id": message}
    wait_for("the read-back", lambda: api.party.api("GET", f"messages/{message}")[1].get("read_back") == "given", 30)
    api.call("post", "/messages/{id}/read-back/confirm", {"good": True, "initials": "AB"}, names=one)
    require(api.call("get", "/messages/{id}", names=one)["read_back"] == "confirmed", "not confirmed")


def station(api, folder):
    api.call("get", "/watch")
    api.call("post", "/watch/answer", wanted=409)
    api.call("post", "/watch/take", {"initials": "AB"})
    api.call("post", "/watch/exercise", {"on": True, "initials": "AB"})
    api.call("post", "/watch/exercise", {"on": False, "initials": "AB"})
    api.call("post", "/watch/hand-over", {"initials": "CD"})
    api.call("post", "/watch/answer")
    api.call("post", "/backup", {"path": str(folder / "copy.db")})
    api.call("post", "/passphrase", {"old": PASSPHRASE, "new": PASSPHRASE + "!"})
    api.call("post", "/lock")
    api.call("get", "/status")
    api.call("get", "/lines", wanted=423)
    api.call("post", "/unlock", {"passphrase": PASSPHRASE + "!"})


# What is asked of a seat, and of none.
AT_A_SEAT = {"/seat", "/seat/resume", "/seat/here", "/seat/passphrase", "/sign-in", "/sign-out"}


def doors(api, line):
    """Operators, tokens, and a seat at the desk."""
    ada = {"name": "Ada", "initials": "AD", "role": "admin", "passphrase": "a passphrase of Ada's"}
    seat = Seat(api.call("post", "/desk/link")["link"])
    api.made.add(("post", "/seat"))
    api.call("get", "/seat", by=seat)
    api.call("post", "/operators", ada, by=seat)
    api.call("post", "/operators", {**ada, "role": "officer", "language": "ar", "lines": [line["name"]], "name": "Oscar", "initials": "OS"})
    api.call("get", "/operators")
    signed = {"operator": "Ada", "passphrase": ada["passphrase"]}
    require(api.call("post", "/sign-in", signed, by=seat)["operator"]["name"] == "Ada", "signed in")
    api.call("post", "/seat/here", by=seat)
    api.call("post", "/seat/passphrase", {"old": ada["passphrase"], "new": "another one of Ada's"}, by=seat)
    signed["passphrase"] = "another one of Ada's"
    seat.token = api.call("post", "/seat/resume", signed, by=seat)["token"]
    api.call("post", "/operators/{name}/change", {"language": "ru"}, names={"name": "Oscar"}, by=seat)
    api.call("post", "/operators/{name}/remove", names={"name": "Oscar"}, by=seat)
    api.call("post", "/operators/{name}/remove", names={"name": "Ada"}, by=seat, wanted=409)
    api.call("post", "/tokens", {"name": "monitor", "scope": ["status", f"read:{line['name']}"]})
    api.call("get", "/tokens")
    api.call("post", "/tokens/{name}/remove", names={"name": "monitor"})
    for path in sorted(AT_A_SEAT):
        api.refuses("post", path, by=seat)
    api.call("post", "/sign-out", by=seat)
    api.call("get", "/seat", wanted=403)


def events(api):
    api.made.add(("get", "/events"))
    schema = api.document["paths"]["/events"]["get"]["responses"]["101"]["content"]["application/json"]["schema"]
    feed, kinds = Events(api.party.home / "station.sock", 0), set()
    while kinds < {"status", "message", "reset"}:
        event = feed.next(5)
        require(event, f"only {kinds} came")
        api.valid(schema, event)
        kinds.add(event["event"])
    feed.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    args = parser.parse_args()
    with Lab("contract") as folder:
        pair = Pair(args.bin, folder, 100)
        pair.bring_up()
        pair.wait_open()
        north, south = Contract(pair.north), Contract(pair.south)
        jsonschema.Draft202012Validator.check_schema(north.document["components"]["schemas"])
        north.call("get", "/openapi.json")
        line = {"name": pair.far[pair.north]}
        lines(north, pair, line)
        pairing(north, south)
        messages(north, line)
        received(south, ID)
        north.made |= south.made
        settled(north, ID)
        events(north)
        doors(north, line)
        for path, methods in north.document["paths"].items():
            if "post" in methods and path not in AT_A_SEAT:
                north.refuses("post", path, {**line, "id": ID})
        station(north, folder)
        north.call("post", "/lines/{name}/remove", names=line)
        north.call("post", "/panic", {"confirm": "no"}, wanted=400)
        north.call("post", "/panic", {"confirm": "erase"})
        north.all_made()
        pair.stop()
    print("ok")


if __name__ == "__main__":
    main()
