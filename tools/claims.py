#!/usr/bin/env python3
"""Checks that every claim of docs/threat-model.md names tests that exist, and every claim of docs/protocol.md section 7
rows there, as [1a, 1b] at its end.

    tools/claims.py [--self-test]

Prints one line a fault; exits 1 when there is one. The self-test feeds it a fault of each kind."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = {"unit", "property", "vectors", "sim", "silence", "faults"}  # KIND_NAME is tests/KIND/NAME_test.cpp
SCRIPTS = {"proc": "tests/proc/{}.py", "script": "script/{}", "tools": "tools/{}*",
           "web": "tests/web/{}*", "page": "web/test/{}.test.ts"}


def files_of(name):
    """The files that a name in the last column stands for; * is every one. None: not a test's name."""
    if name == "fuzz":
        return list(ROOT.glob("tests/fuzz/*_fuzz.cpp"))
    parts = re.fullmatch(r"([a-z]+)([_/])([\w*]+)", name)
    if not parts:
        return None
    kind, sign, rest = parts.groups()
    if sign == "_" and kind in BUILT:
        return list(ROOT.glob(f"tests/{kind}/{rest}_test.cpp"))
    if sign == "/" and kind in SCRIPTS:
        return list(ROOT.glob(SCRIPTS[kind].format(rest)))
    return None


def rows_of(model):
    for line in model.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(r"\d+[a-z]?", cells[0]):
            yield cells


def faults(model, protocol):
    rows = list(rows_of(model))
    if not rows:
        yield "docs/threat-model.md has no table of claims"
    for number, claim, *_, tests in rows:
        names = re.findall(r"`([^`]+)`", tests)
        if not names:
            yield f"claim {number} names no test"
        for name in names:
            found = files_of(name)
            if found is None:
                yield f"claim {number}: `{name}` is no test's name"
            elif not found:
                yield f"claim {number}: there is no test `{name}`"
    section = protocol.split("\n## 7. ", 1)[-1].split("\n## ", 1)[0]
    claims = re.findall(r"^(\d+)\. .*?(?:\[([\w, ]+)\])?$", section, re.M)
    if not claims:
        yield "docs/protocol.md section 7 has no claims"
    for number, named in claims:
        if not named:
            yield f"docs/protocol.md claim {number} names no row of docs/threat-model.md"
        for name in filter(None, named.split(", ")):
            if not any(row[0] == name for row in rows):
                yield f"docs/protocol.md claim {number}: docs/threat-model.md has no row {name}"


def self_test():
    row = "| {} | Claim | everybody | {} |\n"
    protocol = "# P\n\n## 7. Claims\n\n1. One. [1a]\n2. Two. [1a, 2]\n\n## 8. More\n\n3. Not a claim.\n"
    good = row.format("1a", "`unit_link`, `proc/smoke`, `property_*`, `fuzz`") + row.format("2", "`script/demo`")
    assert list(faults(good, protocol)) == [], list(faults(good, protocol))
    bad = [good.replace("unit_link", "unit_nothing"), good.replace("proc/smoke", "proc/nothing"), good.replace("`fuzz`", "`never`"),
           good.replace("`script/demo`", "by thought"), good.replace("| 2 |", "| 4 |"), ""]
    for model in bad:
        assert list(faults(model, protocol)), model
    assert list(faults(good, protocol.replace(" [1a]", ""))) and list(faults(good, "# P"))


def main():
    self_test()
    if "--self-test" in sys.argv:
        return 0
    found = list(faults((ROOT / "docs/threat-model.md").read_text(), (ROOT / "docs/protocol.md").read_text()))
    for fault in found:
        print(fault)
    print(f"{len(list(rows_of((ROOT / 'docs/threat-model.md').read_text())))} claims, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
