#!/usr/bin/env python3
"""Figures of the real processes, each beside its limit: delivery, FLASH during a megabyte, memory, processor, cold start, send times.

    processes.py --bin DIR [--only NAME[,NAME...]] [--seconds N]"""
import argparse
import multiprocessing
import os
import random
import struct
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from support.lab import DIRECTIONS, Lab, Observer, Pair, Process, require, stages, wait_for  # noqa: E402

missed = []


def figure(name, value, limit, unit, note):
    """One line of the table; tests/bench/figure.hpp prints the same. `quiet` in the note: good only on a machine that does nothing else."""
    good = value <= limit
    if not good:
        missed.append(name)
    print(f"{'ok    ' if good else 'MISSED'}  {name:58} {value:9.3f} {unit:4} (at most {limit:g})   {note}", flush=True)


def quantile(values, q):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))]


def stage_ms(message, stage, by):
    return next((s["at_ms"] for s in message["stages"] if s["stage"] == stage and s["by"] == by), None)


def delivered_ms(pair, sender, message):
    """Far inbox after its commit, minus the call that sent it; both clocks are this machine's."""
    other = pair.south if sender is pair.north else pair.north
    status, there = other.api("GET", f"messages/{message}")
    if status != 200:
        return None
    at = stage_ms(there, "stored", "here")
    return None if at is None else at - sender.api("GET", f"messages/{message}")[1]["created_ms"]


def delivery(bin_dir, folder, options):
    pair = Pair(bin_dir, folder / "delivery", round_ms=1000)
    pair.bring_up()
    pair.wait_open(60)
    rng = random.Random(1)
    sent = []
    for i in range(200):
        party = pair.parties[i % 2]
        status, answer = party.api("POST", "messages", {"line": pair.far[party], "text": "x" * 200, "precedence": "immediate", "grade": "talk"})
        require(status == 200, str(answer))
        sent.append((party, answer["id"]))
        time.sleep(rng.uniform(0.3, 0.8))
    time.sleep(4)
    times = [delivered_ms(pair, *s) for s in sent]
    require(None not in times, f"{times.count(None)} messages did not arrive")
    figure("delivery of 200 bytes, 1 s rounds, p50", quantile(times, 0.5) / 1000, 0.8, "s", "floor 0.6: half a round + margin; quiet")
    figure("delivery of 200 bytes, 1 s rounds, p99", quantile(times, 0.99) / 1000, 1.4, "s", f"{len(times)} messages; quiet")
    pair.stop()


def flash(bin_dir, folder, options):
    pair = Pair(bin_dir, folder / "flash", round_ms=100)
    pair.bring_up()
    pair.wait_open()
    north = pair.north
    big = north.api("POST", "messages", {"line": pair.far[north], "text": "y" * 1_000_000, "precedence": "routine", "grade": "note"})[1]["id"]
    wait_for("the megabyte on its way", lambda: "sent" in stages(north.api("GET", f"messages/{big}")[1]), 60)
    times = []
    for _ in range(20):
        time.sleep(random.uniform(0.5, 1.0))
        message = north.api("POST", "messages", {"line": pair.far[north], "text": "z" * 200, "precedence": "flash", "grade": "talk"})[1]["id"]
        wait_for("the FLASH", lambda: delivered_ms(pair, north, message) is not None, 10)
        times.append(delivered_ms(pair, north, message))
    require("stored" not in stages(north.api("GET", f"messages/{big}")[1]), "the megabyte was through before the last FLASH")
    figure("FLASH during 1 MB of ROUTINE, slowest of 20, in rounds", max(times) / pair.round_ms, 3, "rds", "its own cell + 2 rounds; quiet")
    pair.stop()


PAGE = os.sysconf("SC_PAGE_SIZE")


def resident(pid):
    """The page frames that a process has in memory, from /proc/PID/pagemap (pagemap.rst of the kernel); needs root."""
    frames = set()
    with open(f"/proc/{pid}/pagemap", "rb") as pagemap:
        for row in Path(f"/proc/{pid}/maps").read_text().splitlines():
            first, last = (int(end, 16) // PAGE for end in row.split()[0].split("-"))
            if row.endswith("[vsyscall]"):
                continue
            pagemap.seek(first * 8)
            for (entry,) in struct.iter_unpack("<Q", pagemap.read((last - first) * 8)):
                if entry >> 63:
                    frames.add(entry & ((1 << 55) - 1))
    require(0 not in frames, "the kernel shows page frames to root only")
    return frames


def megabytes(frames):
    return len(frames) * PAGE / 2**20


def processor(pid):
    """Nanoseconds on a processor; schedstat because the ticks of stat are 10 ms."""
    return sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def footprint(bin_dir, folder, options):
    pair = Pair(bin_dir, folder / "footprint", round_ms=1000)
    pair.bring_up()
    pair.wait_open(60)
    bare = Process([str(Path(bin_dir) / "bare_sender"), "127.0.0.1:9", "1000"], folder / "bare.log")
    time.sleep(5)
    processes = {"station": pair.north.station.pid, "carrier": pair.north.carrier.pid, "bare": bare.pid}
    before = {n: processor(p) for n, p in processes.items()}
    time.sleep(options.seconds)
    cpu = {n: 100 * (processor(p) - before[n]) / 1e9 / options.seconds for n, p in processes.items()}
    frames = {n: resident(p) for n, p in processes.items()}
    bare.kill()
    figure("station + carrier resident together, idle, 1 s rounds", megabytes(frames["station"] | frames["carrier"]), 20, "MB",
           f"station {megabytes(frames['station']):.1f}, carrier {megabytes(frames['carrier']):.1f}, of which "
           f"{megabytes(frames['station'] & frames['carrier']):.1f} are the same pages; bare sender {megabytes(frames['bare']):.1f}")
    figure("station + carrier, idle, 1 s rounds, of one core", cpu["station"] + cpu["carrier"], 0.15, "%",
           f"station {cpu['station']:.3f}, carrier {cpu['carrier']:.3f}, bare sender {cpu['bare']:.3f}; {options.seconds} s; quiet")
    pair.stop()


def cold_start(bin_dir, folder, options):
    pair = Pair(bin_dir, folder / "cold", round_ms=200)
    pair.bring_up()
    pair.wait_open()
    rounds = []
    for i in range(10):
        party = pair.parties[i % 2]
        party.station.kill()
        party.start_station(locked=True)
        party.wait_ready()
        time.sleep(random.uniform(1, 2))
        status, answer = party.api("POST", "unlock", {"passphrase": party.passphrase_file.read_text().strip()})
        require(status == 200, str(answer))
        start = time.monotonic()
        wait_for("OPEN", lambda: party.api("GET", "status")[1]["lines"][0]["state"] == "OPEN", 20)
        rounds.append((time.monotonic() - start) * 1000 / pair.round_ms)
    figure("cold start of a station to OPEN after unlock, slowest of 10", max(rounds), 5, "rds", f"median {quantile(rounds, 0.5):.1f}; quiet")
    pair.stop()


def ks_distance(a, b):
    """Largest distance of the two empirical distributions: the advantage of the best guess from one sample."""
    a, b = sorted(a), sorted(b)
    i = j = 0
    worst = 0.0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            i += 1
        else:
            j += 1
        worst = max(worst, abs(i / len(a) - j / len(b)))
    return worst


def residuals(times, period):
    """Nanoseconds off the schedule, the two clocks' slow drift (one straight line over the run) taken out."""
    rows = [(t, (t - times[0] + period // 2) % period - period // 2) for t in times]
    n = len(rows)
    mean_t = sum(t - times[0] for t, _ in rows) / n
    mean_p = sum(p for _, p in rows) / n
    slope = sum((t - times[0] - mean_t) * (p - mean_p) for t, p in rows) / sum((t - times[0] - mean_t) ** 2 for t, _ in rows)
    return [(t, p - mean_p - slope * (t - times[0] - mean_t)) for t, p in rows]


def burn(stop):
    while not stop.is_set():
        sum(i * i for i in range(10_000))


def send_times(bin_dir, folder, options):
    swap = 10
    pairs = [Pair(bin_dir, folder / f"times{i}", round_ms=50) for i in range(2)]
    for pair in pairs:
        pair.bring_up()
    for pair in pairs:
        pair.wait_open()
    for load in ("quiet", "other core burning"):
        stop = multiprocessing.Event()
        burner = multiprocessing.Process(target=burn, args=(stop,), daemon=True)
        if load != "quiet":
            burner.start()
        spans = []
        begin = time.time_ns()
        for turn in range(16):
            busy = turn % 2
            start = time.time_ns()
            while time.time_ns() - start < swap * 1_000_000_000:
                for party in pairs[busy].parties:
                    party.api("POST", "messages", {"line": pairs[busy].far[party], "text": "t" * 1500, "precedence": "routine", "grade": "talk"})
                time.sleep(0.2)
            spans.append((start + 2_000_000_000, time.time_ns(), busy))  # the first two seconds of a turn still drain the last one
        end = time.time_ns()
        stop.set()
        samples = {"talk": [], "idle": [], "idle_odd": [], "idle_even": []}
        for index, pair in enumerate(pairs):
            frames = [f for f in pair.observer.frames() if begin <= f[0] <= end]
            for direction in DIRECTIONS:
                for t, off in residuals([t for t, d, _ in frames if d == direction], pair.round_ms * 1_000_000):
                    turn = next((k for k, (a, b, _) in enumerate(spans) if a <= t <= b), None)
                    if turn is None:
                        continue
                    if spans[turn][2] == index:
                        samples["talk"].append(off)
                    else:
                        samples["idle"].append(off)
                        samples["idle_even" if (turn // 2) % 2 else "idle_odd"].append(off)
        control = ks_distance(samples["idle_odd"], samples["idle_even"])
        advantage = ks_distance(samples["talk"], samples["idle"])
        figure(f"one-packet advantage, talk against idle, {load}", advantage, control + 0.05, "", f"control {control:.3f}; {len(samples['talk'])} and {len(samples['idle'])} departures; quiet")
        if burner.is_alive():
            burner.join(5)
    for pair in pairs:
        pair.stop()


FIGURES = {"delivery": delivery, "flash": flash, "footprint": footprint, "cold": cold_start, "times": send_times}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bin", required=True)
    arguments.add_argument("--only", default=",".join(FIGURES))
    arguments.add_argument("--seconds", type=int, default=60)
    options = arguments.parse_args()
    for name in options.only.split(","):
        with Lab(name) as folder:
            FIGURES[name](options.bin, folder, options)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
