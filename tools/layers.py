#!/usr/bin/env python3
"""Checks the house: includes follow the order of src/CMakeLists.txt, pure cores touch no clock, thread, socket, file or
random source, sodium and openssl stay in crypto/, secrets are read only in crypto/ and tests, nothing that people say is signed, files stay short.

    tools/layers.py [--self-test]

Prints one line a violation; exits 1 when there is one. The self-test feeds it a violation of each rule."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PURE = {"base", "crypto", "wire", "link", "mix", "line", "desk"}
# crypto reaches the system's generator through libsodium, and base prints before it aborts: the rest of PURE may do neither.
FORBIDDEN = {
    r"<(thread|mutex|shared_mutex|condition_variable|atomic|future|random|chrono|filesystem|fstream|iostream|ctime|csignal|regex)>": "include of {0}",
    r"<(sys/|unistd|netinet|arpa|poll|time\.h|fcntl|pthread|boost/|sqlite3)": "include of {0}...",
    r"\b(clock_gettime|gettimeofday|getrandom|rand|srand|usleep|nanosleep|fopen|getenv)\s*\(": "call of {0}",
    r"::now\s*\(": "call of now()",
}
THIRD_PARTY = [
    (r"<(sodium|openssl)", {"crypto"}),
    (r"<sqlite3", {"store"}),
    (r"<boost/asio", {"bearer", "carrier", "relay", "station", "faces"}),
    (r"<boost/beast", {"faces"}),
    (r"<(CLI/|qrcodegen)", {"faces"}),
]
# What people say is deniable: it is under keys that both ends have, and no layer that carries it may sign (protocol 7.5).
SIGNING = r'"crypto/sign\.hpp"|\bSigningKey\b|crypto::sign\('
SIGNERS = {"crypto", "mix", "relay"}
LIMIT_LINES = 500


def layers(text):
    """The NEEDS of each sw_layer line, transitively closed."""
    needs = {}
    for name, body in re.findall(r"sw_layer\((\w+)([^)]*)\)", text):
        listed = re.search(r"NEEDS((?:\s+\w+)*?)(?:\s+LIBS|\s*$)", body)
        direct = listed.group(1).split() if listed else []
        needs[name] = set(direct).union(*(needs.get(d, set()) for d in direct)) if direct else set()
    return needs


def check(path, layer, text, needs):
    """Violations of one file, as sentences."""
    lines = text.splitlines()
    if len(lines) > LIMIT_LINES:
        yield f"{path}: {len(lines)} lines, the limit is {LIMIT_LINES}"
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        include = re.match(r'\s*#include "([a-z_]+)/', code)
        if include:
            other = include.group(1)
            if other != layer and other not in needs.get(layer, set()):
                yield f"{path}:{number}: {layer} may not include {other}"
            if '"crypto/access.hpp"' in code and layer != "crypto":
                yield f"{path}:{number}: only crypto/ reads secrets"
        if re.search(SIGNING, code) and layer not in SIGNERS:
            yield f"{path}:{number}: only relays and their venues sign"
        for pattern, allowed in THIRD_PARTY:
            if re.search(r"#include " + pattern, code) and layer not in allowed:
                yield f"{path}:{number}: {pattern} belongs to {', '.join(sorted(allowed))}"
        if layer in PURE:
            for pattern, what in FORBIDDEN.items():
                hit = re.search(pattern, code)
                if hit:
                    yield f"{path}:{number}: pure layer {layer}: {what.format(hit.group(1) if hit.groups() else '')}"


def self_test(needs):
    cases = [
        ("line", '#include "station/core.hpp"'), ("line", "#include <thread>"), ("desk", "#include <sys/socket.h>"),
        ("link", "auto t = std::chrono::steady_clock::now();"), ("line", "#include <sodium.h>"),
        ("line", '#include "crypto/access.hpp"'), ("line", '#include "crypto/sign.hpp"'), ("desk", "crypto::sign(key, text)"), ("wire", "\n" * 501), ("desk", "int x = rand();"),
    ]
    silent = [case for case in cases if not list(check("self-test", *case, needs))]
    for layer, text in silent:
        print(f"self-test: no violation seen in {layer}: {text.strip()[:60]}")
    return not silent


def main():
    needs = layers((ROOT / "src/CMakeLists.txt").read_text())
    if not self_test(needs):
        return 1
    if "--self-test" in sys.argv:
        return 0
    problems = []
    for path in sorted((ROOT / "src").rglob("*.[ch]pp")):
        layer = path.relative_to(ROOT / "src").parts[0]
        problems += check(path.relative_to(ROOT), layer, path.read_text(), needs)
    for problem in problems:
        print(problem)
    print(f"{len(needs)} layers, {len(problems)} violations")
    return 1 if problems else 0


sys.exit(main())
