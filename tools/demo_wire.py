"""What the demonstration says of the wire: from outside, idle and busy look the same. One size, one frame a round, each on its schedule."""
import os
import time
from collections import namedtuple

from support.lab import DIRECTIONS, Failure, require

ALLOWED_NS = 5_000_000
FRAME_BYTES = 1192

# A stretch of the demonstration, in nanoseconds UTC.
Mark = namedtuple("Mark", "name start end")


class Marks(list):
    """The stretches one after the other; each ends when it is named."""

    def begin(self):
        self.since = time.time_ns()

    def end(self, name):
        self.append(Mark(name, self.since, time.time_ns()))
        self.begin()


def range_of(counts, ports):
    low, high = min(counts[p] for p in ports), max(counts[p] for p in ports)
    return f"{low}" + (f" to {high}" if high > low else "")


def off_grid(time_ns, grid, period_ns):
    """Nanoseconds later than the nearest instant of the grid that `grid` is on."""
    return (time_ns - grid + period_ns // 2) % period_ns - period_ns // 2


def middle_of(times, period_ns):
    """The grid that fits these times best, by one of its instants."""
    return times[0] + sorted(off_grid(t, times[0], period_ns) for t in times)[len(times) // 2]


def grids(times, period_ns):
    """The times, cut where the schedule moved; the last three only serve to judge those before.

    A move is 0.05 T at least and lasts four frames or more (protocol 8.8, Phase), of which one may be late; all else is late."""
    least, kept, cuts = 3 * period_ns // 100, 4, [0]
    grid = times[0]
    for i in range(1, len(times) - kept + 1):
        off = [off_grid(t, grid, period_ns) for t in times[i:i + kept]]
        middle = sorted(off)[kept // 2]
        from_middle = [abs(off_grid(o, middle, period_ns)) for o in off]  # half a round early is half a round late
        if abs(middle) > least and from_middle[0] < abs(off[0]) and sum(o <= ALLOWED_NS for o in from_middle) >= kept - 1:
            cuts.append(i)
            grid = middle_of(times[i:i + kept], period_ns)
    return [times[start:end] for start, end in zip(cuts, [*cuts[1:], len(times) - kept + 1])]


# The frame that is farthest from its schedule: nanoseconds off it, and when it came.
Farthest = namedtuple("Farthest", "off_ns at_ns")


def farthest(who, times, period_ns):
    """One frame a round, on the grid that fits them best."""
    grid = middle_of(times, period_ns)
    rounds = [(t - grid + period_ns // 2) // period_ns for t in times]
    require(rounds == list(range(rounds[0], rounds[0] + len(rounds))), f"{who}: not exactly one frame every round")
    return max(Farthest(abs(off_grid(t, grid, period_ns)), t) for t in times)


def during(times, mark):
    return sum(mark.start <= t < mark.end for t in times)


def on_schedule(what, worst, machine):
    print(f"   the frame farthest from its schedule: {worst.off_ns / 1e6:.2f} ms (allowed {ALLOWED_NS / 1e6:.0f} ms)", flush=True)
    if worst.off_ns <= ALLOWED_NS:
        return
    stopped = machine.stopped_ns(worst.at_ns - worst.off_ns, worst.at_ns)
    why = (f"This machine itself stood still then: a bare timer was {stopped / 1e6:.1f} ms late, too" if stopped else
           f"Something else keeps this machine busy (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors); root, or a user with "
           "`ulimit -r` of 10, is on time even so")
    raise Failure(f"a frame {what} was {worst.off_ns / 1e6:.1f} ms off its schedule. {why}")


def direct(pair, marks, machine):
    """Of the direct line, both ways; the number of frames looked at."""
    frames = pair.observer.frames()
    period = pair.round_ms * 1_000_000
    require({n for _, _, n in frames} == {FRAME_BYTES}, f"sizes on the wire: {sorted({n for _, _, n in frames})}")
    worst = []
    for direction in DIRECTIONS:
        times = sorted(t for t, d, _ in frames if d == direction)
        worst.append(farthest(direction, times, period))
        for mark in marks:
            count, rounds = during(times, mark), (mark.end - mark.start) / period
            require(abs(count - rounds) <= 1, f"{direction}: {count} frames in {rounds:.1f} rounds while {mark.name}")
            print(f"   {direction}  {mark.name:16} {(mark.end - mark.start) / 1e9:5.1f} s   {count:4} frames of {FRAME_BYTES} bytes")
    on_schedule("of the direct line", max(worst), machine)
    return len(frames)


def venue(venue, parties, marks, machine):
    """Of all stations and the first relay: which two have the line cannot be seen; the number of frames looked at.

    A station's schedule follows relay 1, which says when its rounds begin; a move is of half a round at most, whatever the station carries."""
    period = venue.round_ms * 1_000_000
    frames = [f for f in venue.doorway.frames() if f[0] >= marks[0].start]
    require({n for _, _, n in frames} == {FRAME_BYTES}, f"sizes at the first relay: {sorted({n for _, _, n in frames})}")
    times = {}
    for t, direction, _ in sorted(frames):
        times.setdefault(direction, []).append(t)
    two, idle = ([p.listen.rpartition(":")[2] for p in group] for group in (parties, venue.idle))
    require(set(times) == {f"{p}>" for p in two + idle} | {f">{p}" for p in two + idle}, "others than the stations are on the wire")
    worst, moves = [], {}
    for port in two + idle:
        pieces = grids(times[f"{port}>"], period)
        moves[port] = len(pieces) - 1
        for before, after in zip(pieces, pieces[1:]):
            require(abs(after[0] - before[-1] - period) <= period / 2, f"station {port}: not exactly one frame every round")
        worst += [farthest(f"station {port}", piece, period) for piece in pieces]
    print(f"   {'':13} {'':16} {'':7}   {'the two':11} each of the {len(idle)}")
    for way, name in (("{}>", "to relay 1"), (">{}", "from relay 1")):
        for mark in marks:
            counts = {port: during(times[way.format(port)], mark) for port in two + idle}
            require(max(counts.values()) - min(counts.values()) <= 1, f"{name}, {mark.name}: not the same number of frames: {counts}")
            print(f"   {name:13} {mark.name:16} {(mark.end - mark.start) / 1e9:5.1f} s   {range_of(counts, two):11} {range_of(counts, idle):11} "
                  f"frames of {FRAME_BYTES} bytes", flush=True)
    if any(moves.values()):
        print(f"   a station's schedule follows relay 1's clock; that moved it for the two {range_of(moves, two)} times, for the others {range_of(moves, idle)} times")
    on_schedule("of a station", max(worst), machine)
    return len(frames)
