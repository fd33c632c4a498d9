#!/usr/bin/env python3
"""The include ladder: a folder includes only itself and folders on lower rungs.

Also: our headers are named from the repository root, in quotes; a header of the library includes nothing but the
library and the standard library, so that an installed neurone needs nothing else; a header is included once.
Prints a line for each finding, and exits 1 when there is one.
"""

import pathlib
import re
import sys

RUNG = {
    "neurone/core": 0,
    "neurone/math": 1,
    "neurone/activation": 2,
    "neurone/optimizer": 2,
    "neurone/data": 2,
    "neurone/loss": 2.5,  # a fused loss is an activation and a loss: softmax with cross-entropy
    "neurone/layer": 3,
    "neurone/network": 3.5,
    "neurone/solver": 3.75,
    "neurone/training": 4,
    "neurone/model": 5,
    "neurone/file": 6,
    "neurone/report": 6,
    "neurone/export": 6.2,  # writes the description of a model file into other formats
    "neurone/onnx": 6.3,  # reads what export/ writes, and what others write
    "neurone": 6.5,  # a header for the whole library
    "server": 6.8,  # answers requests; the command starts it
    "cli": 7,
    "examples": 8,
    "tests": 9,
    "bench": 9,
    "fuzz": 9,
}

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]*)[">]')
RAW_STRING = re.compile(r'R"([^\s()\\]{0,16})\(.*?\)\1"', re.DOTALL)  # code inside a string is not ours


def folder(path):
    """The folder of the ladder that a path from the root stands in: neurone/core, cli, tests …"""
    parts = path.parts
    if parts[0] == "neurone":
        return "/".join(parts[:-1][:2])
    return parts[0]


def findings(path):
    """Yields (line, message) for one source file, given from the root."""
    text = (ROOT / path).read_text(encoding="utf-8")
    header = path.suffix == ".h"
    # headers for kernels alone and those that speak of JSON stay at home: CMakeLists.txt leaves them out
    at_home = path.name.startswith("lane") or path.name.endswith("_json.h")
    installed = header and path.parts[0] == "neurone" and not at_home
    here = folder(path)
    if here not in RUNG:
        yield 1, f"{here}/ has no rung: give it one in tools/check_includes.py"
        return
    if header and not re.search(r"^#pragma once$", text, re.MULTILINE):
        yield 1, "no #pragma once"

    text = RAW_STRING.sub(lambda match: "\n" * match.group().count("\n"), text)
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        bracket, name = match.groups()
        target = pathlib.PurePosixPath(name)
        ours = (ROOT / name).is_file()
        if bracket == "<":
            if ours:
                yield number, f'<{name}> is ours: "{name}"'
            elif installed and not re.fullmatch(r"[a-z_0-9]+", name):
                yield number, f"<{name}> in a header that is installed: only the library and the standard library may be"
        elif ".." in target.parts or "." in name.split("/"):
            yield number, f'"{name}" is relative: includes are named from the repository root'
        elif not ours:
            yield number, f'"{name}" is not a file under the repository root'
        elif folder(target) != here and RUNG.get(folder(target), 99) >= RUNG[here]:
            yield number, f"{here}/ may not include {folder(target)}/, which stands no lower on the ladder"


def main():
    found = 0
    tops = sorted({name.split("/")[0] for name in RUNG})
    paths = sorted(p for top in tops for p in (ROOT / top).rglob("*") if p.suffix in (".h", ".cpp"))
    for path in (p.relative_to(ROOT) for p in paths):
        for line, message in findings(path):
            print(f"{path}:{line}: {message}")
            found += 1
    if not paths:
        print("no source file found")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
