#!/usr/bin/env python3
"""Runs every contestant in turn, round after round, prints one table and keeps every repetition in a JSON file.

A run is one process for one work with one choice of settings; it prints a line of JSON. Each round takes everyone
once, so that a slow minute of the machine meets all of them. After the first round a contestant goes on with the
settings that came near its own best. Needs what `make bench-peers` sets up.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys

import table
import works

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BINARIES = ROOT / "build" / "bench"
SETUP = ROOT / "build" / "peers"
LONGEST_RUN = 600  # seconds
NEAR = 1.25  # times a contestant's best seconds of the first round: settings beyond it have no further turn


def environment(threads):
    """What every contestant runs in: so many threads, and no choice of OpenBLAS's kernels but its own."""
    variables = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
        variables[library + "_NUM_THREADS"] = str(threads)
    return variables | {"TORCHINDUCTOR_CACHE_DIR": str(SETUP / "compiled")}


def command(contestant, work, settings, threads, seed):
    python = contestant.program.endswith(".py")
    program = [sys.executable, str(HERE / contestant.program)] if python else [str(BINARIES / contestant.program)]
    options = {
        "work": work.name,
        "task": work.task,
        "layers": "-".join(map(str, work.layers)),
        "batch": work.batch,
        "epochs": work.epochs,
        "predict_rows": work.predict_rows,
        "data": SETUP / "data" / work.data,
        "settings": settings,
        "threads": threads,
        "seed": seed,
    }
    return program + [text for name, value in options.items() for text in ("--" + name, str(value))]


class RunFailed(Exception):
    pass


def lines_of(arguments, threads):
    """The JSON lines that a process prints."""
    try:
        done = subprocess.run(
            arguments, env=environment(threads), capture_output=True, text=True, timeout=LONGEST_RUN, check=True
        )
        return [json.loads(line) for line in done.stdout.splitlines()]
    except subprocess.TimeoutExpired as error:
        raise RunFailed(f"took longer than {LONGEST_RUN} s") from error
    except subprocess.CalledProcessError as error:
        raise RunFailed((error.stderr.splitlines() or [f"exit status {error.returncode}"])[-1]) from error
    except OSError as error:
        raise RunFailed(str(error)) from error


class Results:
    """Repetitions, gathered by (work, who, settings, threads)."""

    def __init__(self, rounds):
        self.rows, self.ceilings, self.failures = {}, {}, []
        self.about = {"date": datetime.date.today().isoformat(), "rounds": rounds, "commit": commit()} | machine()

    def add(self, line):
        key = tuple(line[each] for each in ("work", "who", "settings", "threads"))
        row = self.rows.setdefault(key, line | {"seconds": [], "metric": []})
        row["seconds"].append(line["seconds"])
        row["metric"].append(line["metric"])

    def add_ceiling(self, work, line):
        self.about["instructions"] = line["instructions"]
        self.ceilings.setdefault(work.name, []).append(line["flops"])

    def goes_on(self, work, who, settings, threads):
        """Did this choice of settings come near the contestant's best?"""
        fastest = {key: min(row["seconds"]) for key, row in self.rows.items() if key[:2] == (work.name, who)}
        own = fastest.get((work.name, who, settings, threads))
        return own is not None and own <= NEAR * min(fastest.values())

    def as_json(self):
        return {"about": self.about, "ceilings": self.ceilings, "failures": self.failures,
                "rows": list(self.rows.values())}  # fmt: skip


def commit():
    done = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return done.stdout.strip()


def machine():
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.machine()
    return {"processor": model, "threads": os.cpu_count()}


def run_round(seed, chosen, results):
    for work, contestants in chosen:
        for line in lines_of([str(BINARIES / "neurone_peer"), "--ceiling"], 1):
            results.add_ceiling(work, line)
        for contestant, settings, threads in contestants:
            if seed > 1 and not results.goes_on(work, contestant.name, settings, threads):
                continue
            say = f"round {seed}  {work.name}  {contestant.name}  {settings}  threads={threads}"
            try:
                for line in lines_of(command(contestant, work, settings, threads, seed), threads):
                    results.add(line)
                    say += f"  {table.time_text(line['seconds'])}  {line['metric_name']} {line['metric']:.4g}"
            except RunFailed as error:
                results.failures.append({"work": work.name, "who": contestant.name, "settings": settings,
                                         "threads": threads, "round": seed, "error": str(error)})  # fmt: skip
                say += f"  FAILED: {error}"
            print(say, file=sys.stderr, flush=True)


def choose(options):
    """[(work, [(contestant, settings, threads) …]) …] as the options say."""
    result = []
    for work in works.WORKS:
        runs = [
            (contestant, settings, threads)
            for contestant in works.CONTESTANTS
            if not options.who or contestant.name.lower() in options.who.lower().split(",")
            for settings, threads in contestant.runs(work)
            if not options.threads or threads == options.threads
        ]
        if runs and options.work in work.name:
            result.append((work.shortened(options.epochs), runs))
    return result


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often everyone has a turn (3)")
    parser.add_argument("--work", default="", help="only works with this in their name: train, 784-128-10, predict …")
    parser.add_argument("--who", default="", help="only these, with commas: neurone,pytorch,dlib")
    parser.add_argument("--threads", type=int, help="only runs on so many threads")
    parser.add_argument("--epochs", type=int, help="no more epochs than that, for a quick look")
    parser.add_argument("--output", type=pathlib.Path, help="the JSON file (bench/results/peers.json, or "
                        "build/peers/part.json where not everything is run)")  # fmt: skip
    return parser.parse_args()


def main():
    options = read_options()
    chosen = choose(options)
    if not chosen:
        sys.exit("run.py: nobody and nothing is called that")
    part = options.work or options.who or options.threads or options.epochs
    output = options.output or (SETUP / "part.json" if part else ROOT / "bench" / "results" / "peers.json")
    output.parent.mkdir(parents=True, exist_ok=True)
    results = Results(options.rounds)
    for seed in range(1, options.rounds + 1):
        run_round(seed, chosen, results)
        output.write_text(json.dumps(results.as_json(), indent=1) + "\n", encoding="utf-8")
    print(table.table(results.as_json()))
    print(f"every repetition: {output}", file=sys.stderr)
    sys.exit(1 if results.failures else 0)


if __name__ == "__main__":
    main()
