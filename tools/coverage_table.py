#!/usr/bin/python3
"""Reads llvm-cov's summary from standard input and prints the share of lines that tests reach, folder by folder."""
import collections
import json
import pathlib
import sys

root = pathlib.Path(sys.argv[1])
lines, reached = collections.Counter(), collections.Counter()
for each in json.load(sys.stdin)["data"][0]["files"]:
    path = pathlib.Path(each["filename"]).relative_to(root)
    folder = str(path.parent)
    for name in (folder, "all"):
        lines[name] += each["summary"]["lines"]["count"]
        reached[name] += each["summary"]["lines"]["covered"]
for name in sorted(lines, key=lambda each: (each == "all", each)):
    print(f"{name:<22} {reached[name]:>6} of {lines[name]:>6} lines  {100 * reached[name] / max(lines[name], 1):5.1f} %")
