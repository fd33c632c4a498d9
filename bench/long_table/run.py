#!/usr/bin/env python3
"""Ten million rows of 20 columns: is the memory that neurone train says before it starts what it takes?

The table is drawn at random: 14 columns of numbers, two of them with missing values, five of categories, with 2 to 300
values, and two classes that depend on all of them. It is written once, to build/long_table. One epoch is trained, and
what is printed and measured goes into a line of JSON.
"""

import argparse
import json
import math
import os
import pathlib
import random
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMMAND = ROOT / "build" / "neurone"
WORK = ROOT / "build" / "long_table"
CATEGORIES = [2, 5, 12, 40, 300]


def columns():
    """Of each column its name and 5,000 cells, or its categories, each with what it does to the target."""
    made = []
    for j in range(14):
        values = [random.gauss(0, 1) for _ in range(5000)]
        effect = (-1) ** j * (1 if j < 7 else 0.2)
        cells = [(f"{x * 10 ** (j % 4):.5g}", effect * math.tanh(x)) for x in values]
        if j in (3, 8):
            cells[:250] = [("", 0.0)] * 250
        made.append((f"x{j}", cells))
    for j, count in enumerate(CATEGORIES):
        made.append((f"c{j}", [(f"{'abcde'[j]}{k}", random.gauss(0, 1)) for k in range(count)]))
    return made


def write_table(path, rows):
    random.seed(1)
    drawn = columns()
    with path.open("w") as file:
        file.write(",".join(name for name, _ in drawn) + ",y\n")
        for first in range(0, rows, 50_000):
            count = min(50_000, rows - first)
            for row in zip(*(random.choices(cells, k=count) for _, cells in drawn)):
                effect = sum(cell[1] for cell in row) + 2 * row[0][1] * row[1][1] + random.gauss(0, 0.5)
                file.write(",".join(cell[0] for cell in row) + (",yes\n" if effect > 0 else ",no\n"))


def train(table, threads):
    command = [COMMAND, "train", table, "--target", "y", "--epochs", "1", "--threads", str(threads), "--json"]
    began = time.perf_counter()
    with open(WORK / "events.jsonl", "w") as output:
        process = subprocess.Popen([*command, "--output", WORK / "model.safetensors"], stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit("neurone train failed")
    events = [json.loads(line) for line in (WORK / "events.jsonl").read_text().splitlines()]
    start = next(event for event in events if event["event"] == "start")
    epoch = next(event for event in events if event["event"] == "epoch")
    return {
        "rows": sum(start["rows"][part] for part in ("train", "validation", "test")),
        "table_mb": round(table.stat().st_size / 1e6),
        "said_mb": round(start["memory"] / 1e6),
        "peak_mb": round(usage.ru_maxrss * 1024 / 1e6),
        "epoch_seconds": round(epoch["seconds"], 1),
        "seconds": round(time.perf_counter() - began, 1),
        "threads": threads,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    table = WORK / f"{arguments.rows}.csv"
    if not table.exists():
        write_table(table.with_suffix(".part"), arguments.rows)
        table.with_suffix(".part").rename(table)
    print(json.dumps(train(table, arguments.threads)))


if __name__ == "__main__":
    main()
