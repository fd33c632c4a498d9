#!/usr/bin/env python3
"""Trains on the sets of PROBEN1 by the rules of its report, and prints the test errors beside the published ones.

The rules (Prechelt 1994, "PROBEN1 - a set of neural network benchmark problems and benchmarking rules", Technical
Report 21/94, Karlsruhe): squared error, linear outputs, Rprop, weights drawn from -0.5 to 0.5; every fifth epoch is
looked at, and training ends when the generalisation loss is above 5 % (GL5), the training progress below 0.1, or after
3000 epochs; the network of the lowest validation error is the one tested. docs/proben1.md says where a run differs.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys

import sets

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMMAND = ROOT / "build" / "neurone"
WORK = ROOT / "build" / "proben1"
RULES = ["--raw", "--loss", "squared_error", "--output-activation", "identity", "--epochs", "3000", "--best-by", "loss"]


def start_file(path, shape, draw, width):
    """Every weight and bias of the network, drawn from -width to width."""
    lines = []
    for layer, (d, n) in enumerate(zip(shape, shape[1:])):
        matrix = [[draw.uniform(-width, width) for _ in range(n)] for _ in range(d)]
        lines.append(f'"{layer}.W" = {json.dumps(matrix)}')
        lines.append(f'"{layer}.b" = {json.dumps([draw.uniform(-width, width) for _ in range(n)])}')
    path.write_text("\n".join(lines) + "\n")


def trained(name, task, seed, options):
    """The test error of one run in %, the epoch that was kept and the last one."""
    hidden = hidden_of(name, options)
    base = WORK / "runs" / f"{task.tables['training'].stem}-{seed}"
    start = base.with_suffix(".toml")
    draw = random.Random(base.name)
    start_file(start, (task.inputs, *hidden, task.outputs), draw, options.width)
    optimizer = options.optimizer or f"rprop:first={draw.uniform(0.05, 0.2):.4f}"
    command = [str(COMMAND), "train", str(task.tables["training"]), "--target", "y"]
    command += ["--task", "classification" if task.is_class else "regression"]
    for part in ("validation", "test"):
        command += [f"--{part}", str(task.tables[part])]
    for units in hidden:
        command += ["--layer", f"dense {units} {options.activation}"]
    command += [*RULES, "--optimizer", optimizer, "--stop", options.stop, *options.options.split()]
    command += ["--start", str(start), "--seed", str(seed)]
    command += ["--threads", "1", "--json", "--report", "none", "--output", str(base.with_suffix(".safetensors"))]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    last = json.loads(done.stdout.splitlines()[-1])
    test = last["test"]
    error = 100 * (1 - test["accuracy"]) if task.is_class else 100 * test["rmse"] ** 2
    return {"error": error, "best_epoch": last["best_epoch"], "epochs": last["epochs"]}


def hidden_of(name, options):
    return tuple(map(int, options.hidden.split(","))) if options.hidden else sets.PUBLISHED[name].hidden


def row_of(name, hidden, runs):
    """`runs` by seed, of each a list by output: the squared-error percentage of a set is the mean over its outputs."""
    errors = [statistics.fmean(each["error"] for each in run) for run in runs]
    published = sets.PUBLISHED[name]
    mean = statistics.fmean(errors)
    within = None if published.deviation is None else abs(mean - published.mean) <= published.deviation
    return {
        "set": name,
        "hidden": hidden,
        "published": {"mean": published.mean, "deviation": published.deviation},
        "mean": mean,
        "deviation": statistics.stdev(errors) if len(errors) > 1 else 0.0,
        "within_one_deviation": within,
        "median": statistics.median(errors),
        "epochs": statistics.fmean(each["epochs"] for run in runs for each in run),
        "best_epoch": statistics.fmean(each["best_epoch"] for run in runs for each in run),
        "errors": errors,
    }


def printed(row):
    published = row["published"]
    deviation = "" if published["deviation"] is None else f"({published['deviation']:.2f})"
    words = {True: "within one deviation", None: "no published deviation"}
    distance = ""
    if row["within_one_deviation"] is False:
        distance = f"{(row['mean'] - published['mean']) / published['deviation']:+.1f} deviations"
    print(
        f"{row['set']:<10} {'+'.join(map(str, row['hidden'])):<5} published {published['mean']:6.2f} {deviation:<7} "
        f"neurone {row['mean']:6.2f} ({row['deviation']:.2f})  epochs {row['epochs']:6.0f}, "
        f"best {row['best_epoch']:5.0f}  {words.get(row['within_one_deviation'], distance)}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path, help="folder with proben1/cancer1.dt and the others")
    parser.add_argument("--only", default="", help="names, or their beginnings, with commas between them")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="runs at once")
    parser.add_argument("--hidden", help="units of the hidden layers, as in 8,4, instead of those of each set")
    parser.add_argument("--activation", default="tanh", help="of the hidden layers")
    parser.add_argument("--optimizer", help="instead of Rprop with a first step drawn from 0.05 to 0.2")
    parser.add_argument("--stop", default="generalisation-loss:most=5,strip=5,least_progress=0.1")
    parser.add_argument("--width", type=float, default=0.5, help="weights are drawn from -width to width")
    parser.add_argument("--options", default="", help="further options for neurone train, for experiments")
    parser.add_argument("--output", type=pathlib.Path, help="JSON file for the rows")
    options = parser.parse_args()

    if not (options.data / "proben1" / "cancer1.dt").is_file():
        parser.error(f"{options.data}: expected a folder with proben1/cancer1.dt and the other sets")
    (WORK / "runs").mkdir(parents=True, exist_ok=True)
    rows = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name in sets.PUBLISHED:
            if options.only and not any(name.startswith(each) for each in options.only.split(",")):
                continue
            tasks = sets.tasks_of(options.data / "proben1", WORK, name)
            seeds = range(1, options.seeds + 1)
            runs = [[pool.submit(trained, name, task, seed, options) for task in tasks] for seed in seeds]
            rows.append(row_of(name, hidden_of(name, options), [[each.result() for each in run] for run in runs]))
            printed(rows[-1])
    judged = [row for row in rows if row["within_one_deviation"] is not None]
    print(f"{sum(row['within_one_deviation'] for row in judged)} of {len(judged)} within one published deviation")
    if options.output:
        options.output.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
