#!/usr/bin/env python3
"""Second-order methods against Adam given ten times their time, and against scikit-learn's lbfgs, on tables of numbers.

One hidden layer of ten tanh neurons, squared error, no penalty, all rows, double, one thread. Everyone starts from
weights of their own, five times; losses are mean squared errors of the standardised target, medians over the seeds.
Both lbfgs take 1,000 iterations; to reach the other's loss ours may take 3,000.
Needs a folder with the data sets (bench/accuracy/README.md) and the environment of bench/accuracy/set_up.sh.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import warnings

for each in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[each] = "1"

import numpy as np  # noqa: E402
from sklearn import datasets, neural_network  # noqa: E402
from sklearn.exceptions import ConvergenceWarning  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMMAND = ROOT / "build" / "neurone"
WORK = ROOT / "build" / "solvers"
NETWORK = ["--hidden", "10", "--activation", "tanh", "--test", "0", "--validation", "0", "--precision", "double"]


def sets(folder):
    diabetes = datasets.load_diabetes()
    yield "diabetes", diabetes.data, diabetes.target
    for name in ("concrete", "yacht"):
        at = folder / "uci-regression" / name
        table = np.loadtxt(at / "data.txt")
        yield name, table[:, np.loadtxt(at / "index_features.txt").astype(int)], table[:, int(np.loadtxt(at / "index_target.txt"))]


def write_table(name, x, y):
    WORK.mkdir(parents=True, exist_ok=True)
    path = WORK / f"{name}.csv"
    names = [f"x{j}" for j in range(x.shape[1])] + ["y"]
    np.savetxt(path, np.column_stack([x, y]), delimiter=",", header=",".join(names), comments="", fmt="%.17g")
    return path


def trained(path, seed, options):
    """(seconds, loss) after every epoch, and the seconds of all."""
    command = [str(COMMAND), "train", str(path), "--target", "y", "--task", "regression", *NETWORK, "--seed", str(seed)]
    command += [*options, "--threads", "1", "--report", "none", "--json", "--output", str(WORK / "model.safetensors")]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    curve, seconds = [], 0.0
    for line in done.stdout.splitlines():
        event = json.loads(line)
        if event["event"] == "epoch":
            seconds += event["seconds"]
            curve.append((seconds, event["train"]["loss"]))
    return curve


def adam(path, seed, seconds):
    """The lowest loss that Adam reaches in so many seconds, at the best of several settings."""
    best = None
    for rate in ("0.003", "0.01", "0.03"):
        for batch in ("32", "128"):
            for schedule in ("cosine", "constant"):
                options = ["--optimizer", f"adam:{rate}", "--batch", batch, "--schedule", schedule, "--weight-decay", "0"]
                probe = trained(path, seed, [*options, "--epochs", "200"])
                epochs = max(200, int(seconds / (probe[-1][0] / len(probe))))
                loss = min(loss for _, loss in trained(path, seed, [*options, "--epochs", str(epochs)]))
                if best is None or loss < best[0]:
                    best = (loss, f"{rate}, batch {batch}, {schedule}, {epochs} epochs")
    return best


def scikit_learn(x, y, seed):
    """Seconds and loss of its lbfgs."""
    x, y = (x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std()
    model = neural_network.MLPRegressor(
        hidden_layer_sizes=(10,), activation="tanh", solver="lbfgs", alpha=0, max_iter=1000, max_fun=10**9, tol=0, random_state=seed
    )
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(x, y)
    return time.perf_counter() - began, float(np.mean((model.predict(x) - y) ** 2))


def until(curve, loss):
    """Seconds until a run has come down to this loss; infinite if it never does."""
    return next((seconds for seconds, each in curve if each <= loss), float("inf"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path, help="folder with the data sets")
    parser.add_argument("--epochs", type=int, default=300, help="iterations of levenberg-marquardt")
    parser.add_argument("--sets", default="diabetes,concrete,yacht", help="which, with commas between them")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--output", type=pathlib.Path, help="JSON file for every run")
    arguments = parser.parse_args()
    rows = []
    for name, x, y in sets(arguments.data):
        if name not in arguments.sets.split(","):
            continue
        path = write_table(name, x, y)
        of_adam, of_lm, lm_seconds, settings, ratios, peers, ours = [], [], [], [], [], [], []
        for seed in range(1, arguments.seeds + 1):
            curve = trained(path, seed, ["--optimizer", "levenberg-marquardt", "--epochs", str(arguments.epochs)])
            lm_seconds.append(curve[-1][0])
            of_lm.append(curve[-1][1])
            loss, setting = adam(path, seed, 10 * curve[-1][0])
            of_adam.append(loss)
            settings.append(setting)
            lbfgs = trained(path, seed, ["--optimizer", "lbfgs", "--epochs", "3000"])
            peer_seconds, peer_loss = scikit_learn(x, y, seed)
            peers.append((peer_seconds, peer_loss))
            ours.append(lbfgs[min(len(lbfgs), 1000) - 1])
            ratios.append(peer_seconds / until(lbfgs, peer_loss))
        row = {
            "set": name,
            "levenberg_marquardt": {"seconds": lm_seconds, "loss": of_lm},
            "adam": {"loss": of_adam, "settings": settings},
            "lbfgs": {"runs": ours, "scikit_learn": peers, "times_faster_to_its_loss": ratios},
        }
        rows.append(row)
        print(
            f"{name:10} levenberg-marquardt {statistics.median(of_lm):.5f} in {statistics.median(lm_seconds):.2f} s, "
            f"adam {statistics.median(of_adam):.5f} in ten times that (lower in {sum(a < b for a, b in zip(of_adam, of_lm))} of "
            f"{len(of_lm)}); lbfgs, 1000 iterations: {statistics.median(l for _, l in ours):.5f} in "
            f"{statistics.median(s for s, _ in ours):.3f} s, scikit-learn {statistics.median(l for _, l in peers):.5f} in "
            f"{statistics.median(s for s, _ in peers):.3f} s; its loss {statistics.median(ratios):.1f} times faster",
            flush=True,
        )
    if arguments.output:
        arguments.output.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
