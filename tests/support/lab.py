"""Two parties on one machine, made of the real binaries: homes, processes, pairing, and the observer on the wire between them."""
import atexit
import csv
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

PASSPHRASE = "correct horse battery staple, of course"
DIRECTIONS = ("a>b", "b>a")


class Failure(Exception):
    """A claim of the product that did not hold."""


def require(condition, sentence):
    if not condition:
        raise Failure(sentence)


def wait_for(what, condition, seconds):
    """Polls until condition() is true; its value. Raises after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure(f"waited {seconds} s for {what}")
        time.sleep(0.05)


def free_ports(count, host="127.0.0.1"):
    """UDP ports free at this moment."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    for s in sockets:
        s.bind((host, 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Process:
    """A child that is ended with the lab."""

    living = []

    def __init__(self, args, log):
        self.args, self.log = args, log
        with open(log, "ab") as out:
            self.child = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        Process.living.append(self)

    @property
    def pid(self):
        return self.child.pid

    def alive(self):
        return self.child.poll() is None

    def signal(self, number):
        if self.alive():
            self.child.send_signal(number)

    def kill(self):
        """SIGKILL, as a power cut would."""
        self.signal(signal.SIGKILL)
        self.child.wait()

    def stop(self):
        """SIGTERM; the exit code."""
        self.signal(signal.SIGTERM)
        try:
            return self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure(f"{self.args[0]} did not end on SIGTERM")


@atexit.register
def end_all():
    for process in Process.living:
        if process.alive():
            process.child.kill()
            process.child.wait()


# As Ctrl-C: by default these end Python without its exit handlers, and the children would live on.
for ending in (signal.SIGTERM, signal.SIGHUP):
    if signal.getsignal(ending) == signal.SIG_DFL:
        signal.signal(ending, signal.default_int_handler)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


class Party:
    """One home with its carrier and its station."""

    def __init__(self, bin_dir, home, name, listen, wrap=()):
        self.binary = str(Path(bin_dir) / "stillwire")
        self.home, self.name, self.listen, self.wrap = Path(home), name, listen, list(wrap)
        self.home.parent.mkdir(parents=True, exist_ok=True)
        self.passphrase_file = self.home.parent / f"{self.home.name}.passphrase"
        self.passphrase_file.write_text(PASSPHRASE + "\n")
        self.passphrase_file.chmod(0o600)
        self.carrier = self.station = None

    def command(self, *args, text=None, ok=(0,), timeout=60):
        """Runs `stillwire --home HOME ARGS`; its standard output. Another exit code than those in `ok` is a failure (ok=None: any)."""
        done = subprocess.run([*self.wrap, self.binary, "--home", str(self.home), *args], input=text, text=True,
                              capture_output=True, timeout=timeout)
        self.code, self.stderr = done.returncode, done.stderr
        if ok is not None and done.returncode not in ok:
            raise Failure(f"stillwire {' '.join(args)} exited {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def json(self, *args, ok=(0, 1, 2, 3)):
        out = self.command(*args, "--json", ok=ok)
        return json.loads(out)

    def api(self, method, path, body=None, headers=()):
        """One call without the cost of a process; (HTTP status, answer)."""
        connection = UnixConnection(str(self.home / "station.sock"))
        connection.request(method, f"/api/v1/{path}", None if body is None else json.dumps(body),
                           {"Content-Type": "application/json", **dict(headers)})
        response = connection.getresponse()
        answer = json.loads(response.read() or b"{}")
        connection.close()
        return response.status, answer

    def init(self):
        self.command("init", "--party", self.name, "--passphrase-file", str(self.passphrase_file))

    def desk_at(self, address):
        """Where the desk's page is; from the station's next start on."""
        (self.home / "stillwire.toml").write_text(f'[station]\ndesk = "{address}"\n')

    def start_carrier(self):
        self.carrier = Process([*self.wrap, self.binary, "--home", str(self.home), "carrier", "--listen", self.listen],
                               self.home / "carrier.log")
        wait_for("the carrier's socket", lambda: (self.home / "carrier.sock").exists() or not self.carrier.alive(), 10)
        require(self.carrier.alive(), f"the carrier ended: {(self.home / 'carrier.log').read_text()}")

    def start_station(self, locked=False):
        args = [] if locked else ["--passphrase-file", str(self.passphrase_file)]
        self.station = Process([*self.wrap, self.binary, "--home", str(self.home), "station", *args], self.home / "station.log")

    def wait_ready(self, seconds=20):
        def ready():
            require(self.station.alive(), f"the station ended: {(self.home / 'station.log').read_text()}")
            self.command("status", ok=None)
            return self.code != 69
        wait_for("the station's socket", ready, seconds)

    def start(self):
        self.start_carrier()
        self.start_station()
        self.wait_ready()

    def line(self, name):
        return self.json("line", "show", name)

    def wait_state(self, name, state="OPEN", seconds=30):
        return wait_for(f"{name} {state}", lambda: self.api("GET", f"lines/{quote(name)}")[1].get("state") == state, seconds)

    def send(self, line, text, *args):
        """Sends text; the message's id."""
        return self.command("send", line, *args, "--file", "-", text=text).split()[0]

    def messages(self, line):
        status, answer = self.api("GET", f"messages?line={quote(line)}")
        require(status == 200, f"no messages of {line}: {answer}")
        return [m for m in answer["messages"] if m["kind"] == "text"]

    def inbox(self, line):
        return [m for m in self.messages(line) if m["direction"] == "in"]

    def outbox(self, line):
        return [m for m in self.messages(line) if m["direction"] == "out"]


def stages(message):
    return {s["stage"] for s in message["stages"]}


class Observer:
    """Sits on the wire between two carriers, forwards, records, and impairs where it is told to."""

    def __init__(self, bin_dir, folder, a, b, *impair, hosts=("127.0.0.1", "127.0.0.1"), ports=None, wrap=()):
        """a and b: the carriers' HOST:PORT; hosts: the observer's own addresses toward them. self.a is where A finds B, self.b where B finds A."""
        port_a, port_b = ports or free_ports(2)
        self.a, self.b = f"{hosts[0]}:{port_a}", f"{hosts[1]}:{port_b}"
        self.trace = Path(folder) / "wire.csv"
        self.process = Process([*wrap, str(Path(bin_dir) / "observer"), "--listen-a", self.a, "--to-a", a, "--listen-b", self.b, "--to-b", b,
                                "--trace", str(self.trace), *impair], Path(folder) / "observer.log")
        wait_for("the observer", lambda: self.trace.exists() or not self.process.alive(), 10)
        require(self.process.alive(), "the observer ended")

    def frames(self):
        """[(nanoseconds UTC, direction, size)] in order of departure."""
        with open(self.trace, newline="") as f:
            rows = [r for r in csv.reader(f) if len(r) == 3 and r[0].isdigit()]
        return [(int(t), d, int(n)) for t, d, n in rows]


class Pair:
    """Two parties, paired by cards, with the observer between them."""

    def __init__(self, bin_dir, folder, round_ms=100, impair=(), names=("north", "south"), hosts=("127.0.0.1", "127.0.0.1"),
                 observer_hosts=("127.0.0.1", "127.0.0.1"), wraps=((), ())):
        self.bin, self.folder, self.round_ms = Path(bin_dir), Path(folder), round_ms
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        ports = free_ports(2)
        self.north = Party(bin_dir, self.folder / names[0], names[0].capitalize(), f"{hosts[0]}:{ports[0]}", wraps[0])
        self.south = Party(bin_dir, self.folder / names[1], names[1].capitalize(), f"{hosts[1]}:{ports[1]}", wraps[1])
        self.observer = Observer(bin_dir, self.folder, self.north.listen, self.south.listen, *impair, hosts=observer_hosts)
        self.parties = (self.north, self.south)
        self.far = {self.north: "far-south", self.south: "far-north"}

    def bring_up(self, desks=(None, None)):
        """desks: HOST:PORT of each party's page, where it is to be another than the usual one."""
        for party, desk in zip(self.parties, desks):
            party.init()
            if desk is not None:
                party.desk_at(desk)
            party.start()
        self.pair()

    def pair(self):
        """Cards cross by file, both read the check number, both confirm."""
        cards = {}
        for party, at in ((self.north, self.observer.b), (self.south, self.observer.a)):
            cards[party] = self.folder / f"{party.home.name}.card"
            party.command("pair", "offer", "--line", self.far[party], "--at", at, "--round-ms", str(self.round_ms), "--out", str(cards[party]))
        for party, other in ((self.north, self.south), (self.south, self.north)):
            party.command("pair", "accept", "--line", self.far[party], str(cards[other]))
        numbers = [party.command("pair", "check", "--line", self.far[party]).split() for party in self.parties]
        digits = [[word for word in n if len(word) == 5 and word.isdigit()] for n in numbers]
        require(digits[0] == digits[1] and len(digits[0]) == 6, f"check numbers differ: {digits}")
        for party in self.parties:
            party.command("pair", "confirm", "--line", self.far[party])

    def wait_open(self, seconds=30):
        for party in self.parties:
            party.wait_state(self.far[party], "OPEN", seconds)

    def stop(self):
        for party in self.parties:
            for process in (party.station, party.carrier):
                if process and process.alive():
                    process.stop()
        self.observer.process.kill()


class Lab:
    """A temporary folder that stays behind when something failed."""

    def __init__(self, title):
        self.title = title

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sw-"))
        return self.folder

    def __exit__(self, kind, value, trace):
        end_all()
        if kind is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print(f"{self.title}: the homes and logs are in {self.folder}")
            for log in sorted(self.folder.rglob("*.log")):
                print(f"--- {log.name} of {log.parent.name}\n{log.read_text()[-2000:]}")
        return False
