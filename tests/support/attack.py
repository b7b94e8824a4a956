"""What the attacking tests share: claims about the wire and the logs, and ways in that a user does not have."""
import re
import socket
import struct
import sys
import threading
import time
from collections import deque
from pathlib import Path

from support.lab import Failure, require, wait_for

FRAME = 1192
CELL_BYTES = 4, 16 + 1 + 1 + 8 + 4 + 512          # cell port, station to carrier: type and body (protocol 2.4)
DOWN_SIZES = {1: 2, 2: 16 + 1 + 4 + 32 + 4 * 19, 3: 16 + 8 + 4, 4: CELL_BYTES[1], 5: 16 + 1 + 8 + 64, 6: 16 + 1 + 8 + 384}

# Whatever a process may write to its log. No name of a line, no count, no time of anything that people did.
LOG_LINES = re.compile(r"(carrier: (listening on [0-9.:\[\]a-f]+|stopped|cannot write \S+: .+)|"
                       r"station: (running, (open|locked; open it with: stillwire unlock)|stopped)|stillwire: .+)")


def steady_wire(pair, start, stop, absent=(), only=("a>b", "b>a")):
    """Between two instants (nanoseconds UTC) each direction had one frame of one size a round, and never a burst. `absent`: the
    directions whose carrier was down or stopped meanwhile; they may have fewer, never more. `only`: where there are strangers as well."""
    rounds = (stop - start) / (pair.round_ms * 1e6)
    for direction in only:
        times = []
        for at, way, size in pair.observer.frames():
            require(size == FRAME, f"a frame of {size} bytes")
            if way == direction and start <= at < stop:
                times.append(at)
        require(len(times) <= rounds + 2, f"{direction}: {len(times)} frames in {rounds:.1f} rounds")
        if direction not in absent:
            require(len(times) >= rounds - max(3, rounds / 20), f"{direction}: only {len(times)} frames in {rounds:.1f} rounds")
        for i in range(len(times) - 10):
            span = (times[i + 10] - times[i]) / (pair.round_ms * 1e6)
            require(span > 8, f"{direction}: 10 frames within {span:.2f} rounds")


def quiet_logs(pair):
    """The processes' logs hold nothing about what people did."""
    for party in pair.parties:
        for name in ("station.log", "carrier.log"):
            for line in (party.home / name).read_text().splitlines():
                require(LOG_LINES.fullmatch(line), f"{name} says: {line}")
                require(not any(word in line for word in pair.far.values()), f"{name} names a line: {line}")


def exactly_once(pair, sent, seconds=60):
    """Each text of `sent` (party -> [id]) is there once on the other side, and nothing else; its sender is told that it is stored."""
    for party, other in ((pair.north, pair.south), (pair.south, pair.north)):
        wanted = sorted(sent.get(party, []))
        wait_for(f"everything from {party.name}", lambda: len(other.inbox(pair.far[other])) >= len(wanted), seconds)
        require(sorted(m["id"] for m in other.inbox(pair.far[other])) == wanted, f"from {party.name}: not exactly once")
        wait_for(f"stored said of all from {party.name}",
                 lambda: all("stored" in {s["stage"] for s in m["stages"]} for m in party.outbox(pair.far[party])), seconds)


def now_ns():
    return time.time_ns()


class Clock:
    """The wall clock of the processes that are started with `wrap`; set() moves it while they run."""

    def __init__(self, bin_dir, file):
        self.file = Path(file)
        self.set(0)
        shim = Path(bin_dir) / "libclock_shim.so"
        require(shim.exists(), f"{shim} is missing: build the target clock_shim")
        self.wrap = ["env", f"LD_PRELOAD={shim}", f"SW_CLOCK_SHIFT={self.file}"]

    def set(self, seconds):
        with open(self.file, "r+b" if self.file.exists() else "wb") as f:
            f.write(struct.pack("<q", seconds * 10**9))


class Disk:
    """The disk of the processes that are started with `wrap`: fails with this errno for as long as it is set; below 0, takes so many
    milliseconds over each sync."""

    def __init__(self, bin_dir, file):
        self.file = Path(file)
        self.fail(0)
        shim = Path(bin_dir) / "libfault_shim.so"
        require(shim.exists(), f"{shim} is missing: build the target fault_shim")
        self.wrap = ["env", f"LD_PRELOAD={shim}", f"SW_DISK_FAULT={self.file}"]

    def fail(self, number):
        with open(self.file, "r+b" if self.file.exists() else "wb") as f:
            f.write(struct.pack("<i", number))


class PortTap:
    """Sits on a home's cell port between its station and its carrier, and keeps the numbers of all cells that go down. The carrier must
    run; the station connects (again) by itself."""

    def __init__(self, home):
        self.home, self.cells, self.threads = Path(home), [], []
        self.public, self.real = self.home / "carrier.sock", self.home / "tapped.sock"
        self.listener = None

    def insert(self):
        """Once after each start of the carrier, and withdraw() before the next one."""
        self.public.rename(self.real)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.public))
        self.listener.listen(4)
        threading.Thread(target=self.serve, args=(self.listener,), daemon=True).start()

    def withdraw(self):
        """What is not there cannot be taken for the next carrier's."""
        self.listener.close()
        self.public.unlink()

    def serve(self, listener):
        while True:
            try:
                station, _ = listener.accept()
            except OSError:
                return
            carrier = socket.socket(socket.AF_UNIX)
            try:
                carrier.connect(str(self.real))
            except OSError:
                station.close()
                continue
            threading.Thread(target=self.pump, args=(station, carrier, True), daemon=True).start()
            threading.Thread(target=self.pump, args=(carrier, station, False), daemon=True).start()

    def pump(self, source, sink, down):
        pending = b""
        try:
            while data := source.recv(65536):
                sink.sendall(data)
                pending = self.note(pending + data) if down else b""
        except OSError:
            pass
        for s in (source, sink):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def note(self, data):
        while data and len(data) >= 1 + DOWN_SIZES[data[0]]:
            size = 1 + DOWN_SIZES[data[0]]
            record, data = data[:size], data[size:]
            if record[0] == CELL_BYTES[0]:
                path, epoch, rnd = record[18], *struct.unpack_from("<QI", record, 19)
                self.cells.append((path, epoch, rnd))
        return data


class Loop(threading.Thread):
    """Calls `what` over and over until stop(); a failure in it is raised there."""

    def __init__(self, what, pause=0.05):
        super().__init__(daemon=True)
        self.what, self.pause, self.ended, self.failure, self.seen = what, pause, False, None, deque(maxlen=10_000)
        self.start()

    def run(self):
        while not self.ended:
            try:
                self.seen.append(self.what())
            except Exception as failure:  # noqa: BLE001: told to whoever stops the loop
                self.failure = failure
                return
            time.sleep(self.pause)

    def stop(self):
        self.ended = True
        self.join(30)
        if self.failure:
            raise Failure(f"meanwhile: {self.failure}")
        return list(self.seen)


def skip(reason):
    print(f"SKIPPED: {reason}", flush=True)
    sys.exit(77)
