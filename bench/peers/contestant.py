"""The frame of the contestants in Python: reads the work and its data, takes the time, scores, prints JSON lines.

Who takes part is a function make(work) whose result has train(), prepare(X) -> input and predict(input) -> outputs.
It comes warm: make has done a few steps and predictions, and has put the parameters back to their start.
contestant.h is the same for C++.
"""

import argparse
import dataclasses
import itertools
import json
import pathlib
import statistics
import time

import numpy


@dataclasses.dataclass
class Work:
    name: str
    classification: bool
    layers: list
    batch: int
    epochs: int
    predict_rows: int  # 0: the work is training
    threads: int
    seed: int
    settings: str
    X: numpy.ndarray  # the training data
    y: numpy.ndarray
    test_X: numpy.ndarray
    test_y: numpy.ndarray
    parameters: list  # (W, b) of each layer, for prediction

    def setting(self, name, default=None):
        """The word after name= in the settings."""
        values = [word.split("=", 1)[1] for word in self.settings.split() if word.startswith(name + "=")]
        return values[0] if values else default

    def piece(self):
        """Rows of one call of predict."""
        return int(self.setting("piece", self.predict_rows or self.batch))


def read_table(folder, part, columns):
    X = numpy.fromfile(folder / f"{part}.X", "<f4").reshape(-1, columns)
    return X, numpy.fromfile(folder / f"{part}.y", "<f4")


def read_parameters(path, layers):
    flat = numpy.fromfile(path, "<f4")
    result = []
    for inputs, units in itertools.pairwise(layers):
        W, b, flat = flat[: inputs * units], flat[inputs * units : (inputs + 1) * units], flat[(inputs + 1) * units :]
        result.append((W.reshape(inputs, units), b))
    return result


def read_work():
    parser = argparse.ArgumentParser()
    for name in ("work", "task", "layers", "data", "settings"):
        parser.add_argument("--" + name, required=True)
    for name in ("batch", "epochs", "predict_rows", "threads", "seed"):
        parser.add_argument("--" + name, required=True, type=int)
    given = parser.parse_args()
    layers = [int(each) for each in given.layers.split("-")]
    folder = pathlib.Path(given.data)
    X, y = read_table(folder, "train", layers[0])
    test_X, test_y = read_table(folder, "test", layers[0])
    parameters = read_parameters(folder / ("parameters_" + given.layers), layers) if given.predict_rows else []
    return Work(
        given.work, given.task == "classification", layers, given.batch, given.epochs, given.predict_rows,
        given.threads, given.seed, given.settings, X, y, test_X, test_y, parameters,
    )  # fmt: skip


def pieces(X, rows):
    return [X[first : first + rows] for first in range(0, len(X), rows)]


def score(work, contestant):
    """(value, name): how well the test data are predicted."""
    inputs = [contestant.prepare(X) for X in pieces(work.test_X, work.piece())]
    Y = numpy.concatenate([numpy.array(contestant.predict(each)).reshape(-1, work.layers[-1]) for each in inputs])
    if work.classification:
        return float((Y.argmax(axis=1) == work.test_y).mean()), "test accuracy"
    return float(numpy.sqrt(numpy.square(Y[:, 0].astype(float) - work.test_y).mean())), "test rmse"


def time_training(work, make):
    """(contestant, seconds of an epoch)."""
    contestant = make(work)
    start = time.perf_counter()
    contestant.train()
    return contestant, (time.perf_counter() - start) / work.epochs


def time_prediction(work, make):
    """(contestant, median seconds of a prediction), a second long, in blocks of calls of at least a millisecond."""
    contestant, rows = make(work), work.predict_rows
    X = work.test_X[: 64 * rows]  # 64 single rows in turn stay in the cache
    calls = [[contestant.prepare(piece) for piece in pieces(call, work.piece())] for call in pieces(X, rows)]
    turn = itertools.cycle(calls)

    def seconds(block):
        start = time.perf_counter()
        for call in itertools.islice(turn, block):
            for piece in call:
                contestant.predict(piece)
        return (time.perf_counter() - start) / block

    block = 1
    while seconds(block) * block < 1e-3:
        block *= 2
    times, end = [], time.perf_counter() + 1
    while time.perf_counter() < end or len(times) < 10:
        times.append(seconds(block))
    return contestant, statistics.median(times)


def run(who, version, make):
    work = read_work()
    contestant, seconds = (time_prediction if work.predict_rows else time_training)(work, make)
    metric, metric_name = score(work, contestant)
    line = {"work": work.name, "who": who, "version": version, "settings": work.settings, "threads": work.threads}
    print(json.dumps(line | {"seconds": seconds, "metric": metric, "metric_name": metric_name}))
