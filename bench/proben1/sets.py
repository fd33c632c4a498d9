"""The sets of PROBEN1 as tables for `neurone train`, with what Prechelt published about them.

A file NAME.dt is a header (bool_in=0, real_in=9, …, training_examples=350, …) and rows of inputs and outputs, already
encoded, in the order training, validation, test.
"""

import csv
import dataclasses
import itertools
import pathlib


@dataclasses.dataclass
class Published:
    """Test error in %, of classification or the squared-error percentage: tables of Prechelt 1994, networks without
    shortcuts."""

    mean: float
    deviation: float | None  # of his runs; None: not at hand
    hidden: tuple[int, ...]  # units; from memory, not checked against the report


PUBLISHED = {
    "cancer1": Published(1.38, 0.49, (4, 2)),
    "cancer2": Published(4.77, 0.94, (8, 4)),
    "cancer3": Published(3.70, 0.52, (16, 8)),
    "diabetes1": Published(24.10, 1.91, (2, 2)),
    "diabetes2": Published(26.42, 2.26, (16, 8)),
    "diabetes3": Published(22.59, 2.23, (4, 4)),
    "glass1": Published(32.70, 5.34, (8,)),
    "glass2": Published(55.57, 3.70, (32,)),
    "glass3": Published(58.40, 7.82, (16, 8)),
    "thyroid1": Published(2.38, 0.35, (16, 8)),
    "thyroid2": Published(1.91, 0.24, (8, 4)),
    "thyroid3": Published(2.27, 0.32, (16, 8)),
    "building1": Published(1.36, None, (16,)),
    "building2": Published(0.28, None, (16, 8)),
    "building3": Published(0.26, None, (16, 8)),
    "heartac1": Published(2.47, None, (2,)),
    "heartac2": Published(4.41, None, (8, 4)),
    "heartac3": Published(5.55, None, (16, 8)),
}

PARTS = ("training", "validation", "test")


@dataclasses.dataclass
class Task:
    """One target of a set: three tables, and the shape of its network."""

    tables: dict[str, pathlib.Path]  # by part
    is_class: bool
    inputs: int
    outputs: int  # of the network: one for two classes


def tasks_of(folder, work, name):
    """One task, or as many as the set has real outputs: a model predicts one column."""
    lines = (folder / f"{name}.dt").read_text().splitlines()
    head = dict(line.split("=") for line in itertools.takewhile(lambda line: "=" in line, lines))
    count = {key: int(value) for key, value in head.items()}
    rows = [line.split() for line in lines[len(head) :] if line.strip()]
    width = count["bool_in"] + count["real_in"]
    learnt = rows[: count["training_examples"]]
    # an input that never changes in training says nothing that the bias does not: the command leaves it out as well
    kept = [j for j in range(width) if len({row[j] for row in learnt}) > 1]
    inputs = [[row[j] for j in kept] for row in rows]
    outputs = [row[width:] for row in rows]
    if count["real_out"] == 0 and count["bool_out"] > 1:
        classes = ["c" + str(row.index("1")) for row in outputs]
        targets = [(classes, True, 1 if count["bool_out"] == 2 else len(set(classes[: len(learnt)])))]
    else:
        targets = [([row[k] for row in outputs], False, 1) for k in range(len(outputs[0]))]
    sizes = [count[f"{part}_examples"] for part in PARTS]
    tasks = []
    for k, (values, is_class, width_out) in enumerate(targets):
        tables, first = {}, 0
        for part, size in zip(PARTS, sizes):
            tables[part] = work / f"{name}-{k}-{part}.csv"
            with tables[part].open("w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow([f"x{j}" for j in kept] + ["y"])
                writer.writerows(inputs[i] + [values[i]] for i in range(first, first + size))
            first += size
        tasks.append(Task(tables, is_class, len(kept), width_out))
    return tasks
