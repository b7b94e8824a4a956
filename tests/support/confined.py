#!/usr/bin/env python3
"""Runs a command as a unit file says, where no service manager runs: its system calls and socket families, its limits, no capabilities and no
way to new ones, the disk read-only but for one folder, its view of /proc, its own network. As root, in namespaces of its own.
confined.py UNIT FOLDER COMMAND..."""
import ctypes
import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x00020000, 0x10000000, 0x40000000
PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 38, 24
ALLOW, ERRNO, EQUAL = 0x7fff0000, 0x00050000, 4
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}


def settings(unit):
    """{key: [values]} of its [Service]."""
    out = {}
    for line in Path(unit).read_text().split("[Service]")[1].splitlines():
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            out.setdefault(key, []).append(value)
    return out


def calls(names):
    """The system calls of these names and groups (@...)."""
    out = set()
    for name in names:
        if name.startswith("@"):
            listed = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager", name], check=True, capture_output=True, text=True).stdout
            out |= calls([word for line in listed.splitlines() if not line.strip().startswith("#") for word in line.split() if word != name])
        else:
            out.add(name)
    return out


def allowed_calls(filters):
    out = calls(["@default"])
    for names in filters:
        out = out - calls(names[1:].split()) if names.startswith("~") else out | calls(names.split())
    return out


class Comparison(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


class Filter:
    def __init__(self, default):
        self.lib = ctypes.CDLL("libseccomp.so.2")
        self.lib.seccomp_init.restype = ctypes.c_void_p
        self.context = ctypes.c_void_p(self.lib.seccomp_init(ctypes.c_uint32(default)))

    def rule(self, action, name, *comparisons):
        number = self.lib.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:  # else this machine does not have it
            array = (Comparison * len(comparisons))(*comparisons)
            done = self.lib.seccomp_rule_add_array(self.context, ctypes.c_uint32(action), number, len(comparisons), array)
            assert done == 0, name

    def load(self):
        assert self.lib.seccomp_load(self.context) == 0


def raise_limit(limit, value):
    """True when it is so; root without CAP_SYS_RESOURCE may not."""
    try:
        resource.setrlimit(limit, (value, value))
    except ValueError:
        pass
    return resource.getrlimit(limit)[1] in (value, resource.RLIM_INFINITY)


def must(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def confine(unit, folder):
    wanted = settings(unit)
    system = Filter(ERRNO | errno.EPERM)
    for name in allowed_calls(wanted["SystemCallFilter"]):
        system.rule(ALLOW, name)
    families = Filter(ALLOW)
    open_families = {FAMILIES[name] for name in wanted["RestrictAddressFamilies"][0].split()}
    for family in set(range(46)) - open_families:
        families.rule(ERRNO | errno.EAFNOSUPPORT, "socket", Comparison(0, EQUAL, family, 0))

    must(LIBC.unshare(CLONE_NEWNS | (CLONE_NEWNET if wanted.get("PrivateNetwork") == ["yes"] else 0)))
    for args in (["--make-rprivate", "/"], ["--bind", folder, folder], ["-t", "proc", "-o", "subset=pid", "proc", "/proc"],
                 ["-o", "remount,bind,ro", "/"]):
        subprocess.run(["mount", *args], check=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for key, limit in (("LimitRTPRIO", resource.RLIMIT_RTPRIO), ("LimitMEMLOCK", resource.RLIMIT_MEMLOCK)):
        value = wanted.get(key, ["0"])[0]
        raise_limit(limit, resource.RLIM_INFINITY if value == "infinity" else int(value))
    user = os.getuid()
    must(LIBC.unshare(CLONE_NEWUSER))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    for capability in range(64):
        LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    must(LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    families.load()
    system.load()


if __name__ == "__main__":
    confine(sys.argv[1], sys.argv[2])
    os.chdir("/")
    os.execv(sys.argv[3], sys.argv[3:])
