"""What a program draws on a terminal of a given width."""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
import unicodedata


def draw(args, columns, rows=40, seconds=20, until=None):
    """Runs args on a terminal of its own; what it drew. `until(drawn)` true, or `seconds`, ends it with SIGINT."""
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.environ["NO_COLOR"] = "1"
        os.execv(args[0], args)
    drawn, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the program ended
            break
        drawn += piece
        if not piece or (until and until(drawn.decode(errors="replace"))):
            break
    os.close(terminal)
    try:
        os.kill(pid, signal.SIGINT)
    except ProcessLookupError:
        pass
    os.waitpid(pid, 0)
    return drawn.decode(errors="replace").replace("\r\n", "\n")


def columns_of(row):
    """As a terminal counts them: two for wide letters, none for marks and direction controls."""
    return sum(0 if unicodedata.category(c) in ("Mn", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in row)
