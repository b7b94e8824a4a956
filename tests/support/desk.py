"""A browser at the desk, as far as the API sees one: a link taken, the cookie kept, the page's token said with every call."""
import http.client
import json
import re

from support.events import Events

SAME = object()


class Refused(Exception):
    pass


class Seat:
    def __init__(self, link):
        """Takes the link. Raises Refused with the problem."""
        self.address, self.secret = re.fullmatch(r"http://(127\.\d+\.\d+\.\d+:\d+)/#([A-Za-z0-9_-]{43})", link).groups()
        self.cookie = self.token = None
        status, answer = self.call("POST", "seat", {"secret": self.secret})
        if status != 200:
            raise Refused(answer)
        self.token = answer["token"]

    @property
    def origin(self):
        return f"http://{self.address}"

    def headers(self, method, host=SAME, origin=SAME, cookie=SAME, token=SAME, more=None):
        """What a browser would send; None leaves a header out."""
        out = {"Host": self.address if host is SAME else host}
        for name, given, own in (("Origin", origin, self.origin if method == "POST" else None), ("Cookie", cookie, self.cookie),
                                 ("X-Stillwire-Seat", token, self.token)):
            value = own if given is SAME else given
            if value is not None:
                out[name] = value
        return {name: value for name, value in {**out, **(more or {})}.items() if value is not None}

    def raw(self, method, target, body=None, **changed):
        """(status, headers, bytes) of any request to the desk's address."""
        host, port = self.address.split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        payload = b"" if body is None else json.dumps(body).encode()
        for name, value in self.headers(method, **changed).items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(payload)))
        connection.endheaders(payload)
        response = connection.getresponse()
        out = response.status, response.headers, response.read()
        connection.close()
        if "Set-Cookie" in out[1]:
            self.set_cookie = out[1]["Set-Cookie"]
            self.cookie = self.set_cookie.split(";")[0]
        return out

    def call(self, method, path, body=None, **changed):
        """(status, answer) of one call of the API."""
        status, _, answer = self.raw(method, f"/api/v1/{path}", {} if method == "POST" and body is None else body, **changed)
        return status, json.loads(answer or b"{}")

    def sign_in(self, name, passphrase):
        return self.call("POST", "sign-in", {"operator": name, "passphrase": passphrase})

    def events(self, since=0, says=SAME, **changed):
        host, port = self.address.split(":")
        headers = self.headers("POST", **{"token": None, **changed})
        return Events((host, int(port)), since, headers, {"token": self.token} if says is SAME else says)
