"""Relays of a venue on one machine: `relay run` processes, and what their metrics and logs say."""
import re
import socket

from .lab import Party, Process, require


def relay_ports(count):
    """Free for TCP and UDP at this moment."""
    held = []
    while len(held) < 2 * count:
        tcp, udp = socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tcp.bind(("127.0.0.1", 0))
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            continue
        held += [tcp, udp]
    ports = [s.getsockname()[1] for s in held[::2]]
    for s in held:
        s.close()
    return ports


class Relay(Party):
    def __init__(self, bin_dir, folder, number, port, wrap=()):
        super().__init__(bin_dir, folder / f"relay{number}", f"Institute {number}", f"127.0.0.1:{port}", wrap)
        self.number, self.port, self.card = number, port, folder / f"{number}.card"
        self.log, self.metrics, self.process = folder / f"relay{number}.log", folder / f"relay{number}.prom", None

    def make(self, jurisdiction="Testland"):
        self.command("relay", "init", "--operator", self.name, "--jurisdiction", jurisdiction, "--listen", self.listen, "--out", str(self.card))

    def start(self, *args):
        self.metrics.unlink(missing_ok=True)
        self.process = Process([*self.wrap, self.binary, "--home", str(self.home), "relay", "run", "--metrics", str(self.metrics), *args], self.log)

    def counts(self):
        """All its metrics of one moment, by name; none before there are any."""
        text = self.metrics.read_text() if self.metrics.exists() else ""
        return {name: int(value) for name, value in re.findall(r"^stillwire_relay_(\w+) (\d+)$", text, re.MULTILINE)}

    def count(self, name):
        """One of its metrics; 0 before there are any."""
        counts = self.counts()
        require(not counts or name in counts, f"no {name} in the metrics of relay {self.number}")
        return counts.get(name, 0)

    def said(self):
        return self.log.read_text() if self.log.exists() else ""
