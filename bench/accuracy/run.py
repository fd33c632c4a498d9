#!/usr/bin/env python3
"""Trains on every data set with no option but the target, and prints how good the models are beside what others reach.

Needs a folder with the data sets (README.md in this folder says how it is laid out) and what set_up.sh sets up. Every
run is one process on one thread. Rows that the test figures come from are seen by nothing else.
"""

import argparse
import concurrent.futures
import json
import pathlib
import statistics
import subprocess
import sys
import time

import tasks

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMMAND = ROOT / "build" / "neurone"
WORK = ROOT / "build" / "accuracy"


def trained(run, number, more):
    """The figures of one run, and its seconds."""
    model = WORK / "models" / f"{run.train.stem}-{number}.safetensors"
    model.parent.mkdir(parents=True, exist_ok=True)
    command = [str(COMMAND), "train", str(run.train), "--target", run.target, *run.options, *more]
    command += ["--threads", "1", "--json", "--output", str(model)]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    last = json.loads(done.stdout.splitlines()[-1])
    return last | {"wall": time.monotonic() - began}


def scikit_learn(folds):
    """Accuracy or RMSE of its multilayer perceptron and of its gradient boosting with their defaults, by fold."""
    from sklearn import ensemble, metrics, neural_network, pipeline, preprocessing

    regression = folds[0][1].dtype.kind == "f"
    perceptron = neural_network.MLPRegressor if regression else neural_network.MLPClassifier
    boosting = ensemble.HistGradientBoostingRegressor if regression else ensemble.HistGradientBoostingClassifier
    figure = metrics.root_mean_squared_error if regression else metrics.accuracy_score
    found = {"perceptron": [], "boosting": []}
    for x, y, kept, held_out in folds:
        for name, model in (
            ("perceptron", pipeline.make_pipeline(preprocessing.StandardScaler(), perceptron(random_state=0))),
            ("boosting", boosting(random_state=0)),
        ):
            model.fit(x[kept], y[kept])
            found[name].append(float(figure(y[held_out], model.predict(x[held_out]))))
    return found


def line_of(task, figures, peers):
    values = [each["value"] for each in figures]
    row = {
        "data": task.name,
        "figure": figures[0]["figure"],
        "runs": len(values),
        "mean": statistics.fmean(values),
        "deviation": statistics.stdev(values) if len(values) > 1 else 0.0,
        "wanted": task.wanted,
        "seconds": statistics.median(each["wall"] for each in figures),
    }
    # of a model that is linear itself no other is told
    for name in ("linear", "calibration_error", "coverage_90", "log_loss"):
        found = [each[name] for each in figures if each.get(name) is not None]
        if found:
            row[name] = statistics.fmean(found)
    for name, found in peers.items():
        row[name] = statistics.fmean(found)
    return row


def printed(row):
    extra = []
    for name in ("linear", "perceptron", "boosting", "log_loss", "calibration_error", "coverage_90"):
        if name in row:
            extra.append(f"{name} {row[name]:.4g}")
    print(
        f"{row['data']:<28} {row['figure']:<9} {row['mean']:8.4f} ± {row['deviation']:.4f}  {row['runs']:2} runs "
        f"{row['seconds']:6.1f} s   wanted {row['wanted']:<32} {', '.join(extra)}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path, help="folder with the data sets")
    parser.add_argument("--only", default="", help="names, or their beginnings, with commas between them")
    parser.add_argument("--short", action="store_true", help="one run of each")
    parser.add_argument("--jobs", type=int, default=1, help="runs at once; times are true with 1")
    parser.add_argument("--options", default="", help="further options for neurone train, for experiments")
    parser.add_argument("--output", type=pathlib.Path, help="JSON file for the rows")
    options = parser.parse_args()

    rows = []
    for task in tasks.all_tasks(options.data, WORK / "data", options.short):
        if options.only and not any(task.name.startswith(name) for name in options.only.split(",")):
            continue
        runs = list(task.runs)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            results = list(pool.map(lambda each: trained(*each, options.options.split()), [(r, i) for i, r in enumerate(runs)]))
        figures = []
        for run, result in zip(runs, results):
            test = result["test"]
            comparison = result.get("comparison")
            figures.append(
                test
                | {
                    "figure": run.figure,
                    "value": test[run.figure] / run.unit,
                    "linear": comparison["linear"] / run.unit if comparison else None,
                    "wall": result["wall"],
                }
            )
        row = line_of(task, figures, scikit_learn(task.folds) if task.folds else {})
        printed(row)
        rows.append(row | {"values": [each["value"] for each in figures]})
    if options.output:
        options.output.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
