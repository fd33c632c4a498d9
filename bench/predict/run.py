#!/usr/bin/env python3
"""Two million rows of Adult's columns: neurone predict beside pandas with ONNX Runtime on the same model, exported.

Models: "small" has one hidden layer of 64, "default" is what neurone train makes with no option (four networks of three
layers of 256). Everyone reads the CSV, predicts every row and writes CSV; the peer at the best of its readers and batch
sizes, which are tried once. Rounds go in turn; medians. Needs DATA/adult (bench/accuracy/README.md).
"""

import argparse
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMMAND = ROOT / "build" / "neurone"
WORK = ROOT / "build" / "predict"
MODELS = {"small": ["--hidden", "64", "--epochs", "10"], "default": []}


def long_table(data, rows):
    """The training part of Adult over and over, without the target."""
    path = WORK / "adult.csv"
    lines = [line.rsplit(",", 1)[0] for line in (data / "adult" / "adult-train.csv").read_text().splitlines() if line]
    body = lines[1:]
    with path.open("w") as file:
        file.write(lines[0] + "\n")
        for first in range(0, rows, len(body)):
            file.write("\n".join(body[: rows - first]) + "\n")
    return path


def model_of(name, data):
    model = WORK / f"{name}.safetensors"
    if not model.exists():
        command = [COMMAND, "train", data / "adult" / "adult-train.csv", "--target", "income", "--test", "0", "--quiet"]
        subprocess.run([*command, "--report", "none", "--output", model, *MODELS[name]], check=True, capture_output=True)
    subprocess.run([COMMAND, "export", model, model.with_suffix(".onnx")], check=True, capture_output=True)
    return model


def by_neurone(model, table, threads):
    began = time.perf_counter()
    command = [COMMAND, "predict", model, table, "--threads", str(threads), "--output", WORK / "neurone.csv"]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit("neurone predict failed")
    return {"seconds": time.perf_counter() - began, "mb": usage.ru_maxrss / 1024}


def by_peer(model, table, engine, threads, batch):
    began = time.perf_counter()
    command = [sys.executable, ROOT / "bench" / "predict" / "peer.py", model.with_suffix(".onnx"), table]
    done = subprocess.run(
        [*command, WORK / "peer.csv", engine, str(threads), str(batch)], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout) | {"wall": time.perf_counter() - began}


def largest_difference():
    """Of the probabilities; and how many labels are another."""
    other, most = 0, 0.0
    with (WORK / "neurone.csv").open() as ours, (WORK / "peer.csv").open() as theirs:
        for a, b in zip(csv.reader(ours), csv.reader(theirs), strict=True):
            if a[0] == "prediction":
                continue
            other += a[0] != b[0]
            most = max(most, *(abs(float(x) - float(y)) for x, y in zip(a[1:], b[1:])))
    return other, most


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=pathlib.Path, help="folder with the data sets")
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--models", default="small,default")
    parser.add_argument("--output", type=pathlib.Path, help="JSON file for the figures")
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    table = long_table(options.data, options.rows)
    print(f"{options.rows:,} rows, {table.stat().st_size / 1e6:.0f} MB", flush=True)
    found = []
    for name in options.models.split(","):
        model = model_of(name, options.data)
        tried = {}
        for engine in ("pandas", "pyarrow"):
            for batch in (1000, 10_000, 100_000):
                tried[engine, batch] = by_peer(model, table, engine, 2, batch)["seconds"]
                print(f"{name:<8} {engine:<8} batch {batch:>7,}: {tried[engine, batch]:6.1f} s", flush=True)
        engine, batch = min(tried, key=tried.get)
        rounds = {"neurone, 1 thread": [], "neurone, 2 threads": [], "peer": []}
        for _ in range(options.rounds):
            rounds["neurone, 1 thread"].append(by_neurone(model, table, 1))
            rounds["neurone, 2 threads"].append(by_neurone(model, table, 2))
            rounds["peer"].append(by_peer(model, table, engine, 2, batch))
        peer = statistics.median(each["seconds"] for each in rounds["peer"])
        for who, all_rounds in rounds.items():
            seconds = statistics.median(each["seconds"] for each in all_rounds)
            mb = max(each["mb"] for each in all_rounds)
            what = f"{engine} + ONNX Runtime, batch {batch:,}" if who == "peer" else who
            print(
                f"{name:<8} {what:<40} {seconds:6.2f} s {options.rows / seconds / 1e3:8.0f} thousand rows/s "
                f"{mb:6.0f} MB {peer / seconds:6.2f} ×",
                flush=True,
            )
            found.append({"model": name, "who": what, "seconds": seconds, "mb": mb, "times_the_peer": peer / seconds,
                          "rounds": all_rounds})
        other, most = largest_difference()
        print(f"{name:<8} {other} other labels, largest difference {most:.2g}", flush=True)
    if options.output:
        options.output.write_text(json.dumps(found, indent=1) + "\n")


main()
