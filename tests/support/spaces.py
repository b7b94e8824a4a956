"""Network namespaces of our own, inside a user namespace, so that no root is needed."""
import os
import subprocess
import sys

from support.lab import Process, wait_for

INSIDE = "SW_TEST_INSIDE_NAMESPACE"
UNSHARE = ["unshare", "--user", "--map-root-user", "--net"]
BRIDGE = "between"


def enter():
    """Runs this script again in a user and network namespace, once, or says loudly why it cannot."""
    if INSIDE in os.environ:
        return
    probe = subprocess.run([*UNSHARE, "ip", "link", "set", "lo", "up"], capture_output=True, text=True)
    if probe.returncode != 0:
        print(f"SKIPPED: user and network namespaces are forbidden here: {probe.stderr.strip()}")
        sys.exit(77)
    os.environ[INSIDE] = "1"
    os.execvp(UNSHARE[0], [*UNSHARE, sys.executable, *sys.argv])


def ip(*args, wrap=()):
    subprocess.run([*wrap, "ip", *args], check=True)


def bridge():
    """What hosts on one network are plugged into."""
    done = subprocess.run(["ip", "link", "add", BRIDGE, "type", "bridge"], capture_output=True, text=True)
    if done.returncode != 0:
        print(f"SKIPPED: no bridge can be made here: {done.stderr.strip()}")
        sys.exit(77)
    ip("link", "set", BRIDGE, "up")


def host(index, folder, address=None):
    """A network namespace with one cable to this one, or, with an address, to the bridge; how to run a command in it."""
    holder = Process(["unshare", "--net", "sleep", "1800"], folder / f"host{index}.log")
    mine = os.readlink("/proc/self/ns/net")
    wait_for("the namespace", lambda: os.readlink(f"/proc/{holder.pid}/ns/net") != mine, 5)
    ip("link", "add", f"v{index}", "type", "veth", "peer", "name", "e0", "netns", str(holder.pid))
    if address is None:
        ip("addr", "add", f"10.77.{index}.1/24", "dev", f"v{index}")
    else:
        ip("link", "set", f"v{index}", "master", BRIDGE)
    ip("link", "set", f"v{index}", "up")
    wrap = ["nsenter", f"--net=/proc/{holder.pid}/ns/net", "--"]
    ip("addr", "add", f"{address or f'10.77.{index}.2'}/24", "dev", "e0", wrap=wrap)
    for link in ("e0", "lo"):
        ip("link", "set", link, "up", wrap=wrap)
    return wrap
