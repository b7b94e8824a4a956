#!/usr/bin/env python3
"""Makes our own vectors anew with the independent scripts and compares them with the files in the tree."""
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main():
    differ = 0
    scripts = sorted(HERE.glob("make_*_vectors.py"))
    for script in scripts:
        name = script.name.removeprefix("make_").removesuffix("_vectors.py") + ".json"
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / name
            subprocess.run(["/usr/bin/python3", str(script), str(made)], check=True)
            same = made.read_bytes() == (HERE / name).read_bytes()
        print(f"{'same' if same else 'DIFFERS'}  {name}")
        differ += not same
    return 1 if differ or not scripts else 0


sys.exit(main())
