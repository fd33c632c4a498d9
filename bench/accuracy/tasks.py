"""The data sets, each cut into runs: rows to train on, to test on, and what is measured.

A run names files that are written when it is asked for. Nothing is chosen for a data set but its target and, where the
values alone would leave it open, whether the target is a class.
"""

import csv
import dataclasses
import itertools
import pathlib
from collections.abc import Iterator

import numpy as np


@dataclasses.dataclass
class Run:
    """One training: a table, what to predict in it, and where the test rows are."""

    name: str  # of the data set
    train: pathlib.Path
    target: str
    figure: str  # what is compared: "accuracy", "rmse"
    options: list[str]  # besides the target: files of the split, the task, the seed
    unit: float = 1  # the figure is divided by it


@dataclasses.dataclass
class Task:
    name: str
    wanted: str  # the figure to reach, in words
    runs: Iterator[Run]
    folds: list | None = None  # of a scikit-learn set: what its own models are given


def write_table(path, names, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(rows)
    return path


def adult(data, seeds):
    for seed in range(1, seeds + 1):
        yield Run(
            "adult",
            data / "adult" / "adult-train.csv",
            "income",
            "accuracy",
            ["--test", str(data / "adult" / "adult-test.csv"), "--seed", str(seed)],
        )


def housing(data, seeds, columns):
    """Five splits of a fifth each: those of the seeds."""
    options = ["--ignore", "ocean_proximity"] if columns == "eight" else []
    for seed in range(1, seeds + 1):
        yield Run(
            f"housing, {columns} columns",
            data / "housing" / "housing.csv",
            "median_house_value",
            "rmse",
            options + ["--seed", str(seed)],
            100_000,
        )


def uci(data, work, name, splits):
    folder = data / "uci-regression" / name
    lines = (folder / "data.txt").read_text().splitlines()
    values = np.array([line.split() for line in lines if line.strip()])
    features = np.loadtxt(folder / "index_features.txt", dtype=int)
    target = int(np.loadtxt(folder / "index_target.txt"))
    names = [f"x{j}" for j in features] + ["y"]
    for split in range(splits):
        files = {}
        for part in ("train", "test"):
            rows = np.loadtxt(folder / f"index_{part}_{split}.txt", dtype=int)
            files[part] = write_table(
                work / f"{name}-{split}-{part}.csv", names, values[np.ix_(rows, [*features, target])]
            )
        yield Run(name, files["train"], "y", "rmse", ["--task", "regression", "--test", str(files["test"])])


def proben1(data, work, name, seeds):
    lines = (data / "proben1" / f"{name}.dt").read_text().splitlines()
    head = dict(line.split("=") for line in itertools.takewhile(lambda line: "=" in line, lines))
    count = {key: int(value) for key, value in head.items()}
    rows = [line.split() for line in lines[len(head) :] if line.strip()]
    inputs = count["bool_in"] + count["real_in"]
    table = [row[:inputs] + ["c" + str(np.argmax(np.array(row[inputs:], float)))] for row in rows]
    names = [f"x{j}" for j in range(inputs)] + ["class"]
    files, first = {}, 0
    for part in ("training", "validation", "test"):
        last = first + count[f"{part}_examples"]
        files[part] = write_table(work / f"{name}-{part}.csv", names, table[first:last])
        first = last
    for seed in range(1, seeds + 1):
        yield Run(
            name,
            files["training"],
            "class",
            "accuracy",
            ["--validation", str(files["validation"]), "--test", str(files["test"]), "--seed", str(seed)],
        )


def bundled(work, name, folds, task):
    """A scikit-learn set in ten folds."""
    x, y = task
    names = [f"x{j}" for j in range(x.shape[1])] + ["y"]
    regression = y.dtype.kind == "f"
    for number, (kept, held_out) in enumerate(folds):
        files = {}
        for part, rows in (("train", kept), ("test", held_out)):
            labels = y[rows] if regression else [f"c{label}" for label in y[rows]]
            files[part] = write_table(
                work / f"{name}-{number}-{part}.csv", names, [[*map(repr, map(float, row)), t] for row, t in zip(x[rows], labels)]
            )
        yield Run(
            name, files["train"], "y", "rmse" if regression else "accuracy", ["--test", str(files["test"])]
        )


# Test classification errors in %, the better of two networks (Prechelt 1994, PROBEN1, tables 3 and 10), with the
# deviation over its runs where it is of the second.
PROBEN1 = {
    "cancer1": (1.38, 0.49),
    "cancer2": (4.77, 0.94),
    "cancer3": (3.70, 0.52),
    "diabetes1": (24.10, 1.91),
    "diabetes2": (24.69, 2.26),
    "diabetes3": (22.59, 2.23),
    "glass1": (32.70, 5.34),
    "glass2": (55.28, 3.70),
    "glass3": (58.40, 7.82),
    "thyroid1": (2.38, 0.35),
    "thyroid2": (1.91, 0.24),
    "thyroid3": (2.27, 0.32),
}

# Test RMSE of Monte Carlo dropout, mean of 20 splits (Gal and Ghahramani's experiments, rerun by their group).
UCI = {"concrete": 4.83, "energy": 0.54, "power-plant": 4.01, "wine-quality-red": 0.622, "yacht": 0.67}


def all_tasks(data, work, short):
    """Every task; a short look has one run of each."""
    seeds = (lambda n: 1) if short else (lambda n: n)
    yield Task("adult", "accuracy 0.860", adult(data, seeds(5)))
    yield Task("housing, eight columns", "rmse 0.470", housing(data, seeds(5), "eight"))
    yield Task("housing, all columns", "below the eight columns", housing(data, seeds(5), "all"))
    for name, wanted in UCI.items():
        yield Task(name, f"rmse {wanted}", uci(data, work, name, seeds(20)))
    for name, (wanted, deviation) in PROBEN1.items():
        yield Task(name, f"accuracy {1 - wanted / 100:.4f}, within {deviation / 100:.4f}", proben1(data, work, name, seeds(10)))
    from sklearn import datasets
    from sklearn.model_selection import KFold, StratifiedKFold

    for name in ("breast_cancer", "wine", "digits", "diabetes"):
        x, y = getattr(datasets, f"load_{name}")(return_X_y=True)
        splitter = KFold if y.dtype.kind == "f" else StratifiedKFold
        folds = list(splitter(10, shuffle=True, random_state=0).split(x, y))[: seeds(10)]
        yield Task(
            f"{name} of scikit-learn",
            "better than its peers",
            bundled(work, name, folds, (x, y)),
            folds=[(x, y, kept, held_out) for kept, held_out in folds],
        )
