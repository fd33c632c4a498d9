"""Writes the data that every contestant reads: FOLDER/NAME/{train,test}.{X,y}, raw float32.

NAME is fashion, curve, regions or clusters; y is the number of a class or the value to predict. Also
FOLDER/NAME/parameters_784-128-10 and its like: a trained network for the works that predict, W (inputs × units, row
after row) and b of each layer. All of it is drawn with fixed seeds.
"""

import gzip
import pathlib
import sys

import numpy
import torch

import works

FASHION_MNIST = pathlib.Path("/usr/share/datasets/fashion-mnist")
TEST_ROWS = 10_000


def idx(path, header):
    """The bytes of an IDX file behind its header."""
    return numpy.frombuffer(gzip.decompress(path.read_bytes()), numpy.uint8, offset=header)


def fashion():
    """Pictures of clothes, pixels / 255."""
    for part, name in (("train", "train"), ("test", "t10k")):
        X = idx(FASHION_MNIST / f"{name}-images-idx3-ubyte.gz", 16).reshape(-1, 28 * 28)
        yield part, X / numpy.float32(255), idx(FASHION_MNIST / f"{name}-labels-idx1-ubyte.gz", 8)


def teacher(random, X, units, outputs):
    """A smooth function of X to be learnt: one hidden layer of tanh with random weights; standardised columns."""
    W = random.standard_normal((X.shape[1], units)) * 1.5 / numpy.sqrt(X.shape[1])
    V = random.standard_normal((units, outputs))
    Y = numpy.tanh(X @ W + random.standard_normal(units)) @ V
    return (Y - Y.mean(axis=0)) / Y.std(axis=0)


def curve(rows):
    """20 columns, a number: the teacher's, with noise of a tenth of its deviation."""
    random = numpy.random.default_rng(1)
    X = random.standard_normal((rows, 20))
    return X, teacher(random, X, 8, 1)[:, 0] + 0.1 * random.standard_normal(rows)


def regions(rows):
    """54 columns, 7 classes: the largest of the teacher's outputs, with noise at the borders."""
    random = numpy.random.default_rng(2)
    X = random.standard_normal((rows, 54))
    return X, (teacher(random, X, 16, 7) + 0.1 * random.standard_normal((rows, 7))).argmax(axis=1)


def clusters(rows):
    """1024 columns, 10 classes: two clusters each, wide enough to overlap."""
    random = numpy.random.default_rng(3)
    centres = random.standard_normal((20, 1024)) * 0.15
    cluster = random.integers(20, size=rows)
    return centres[cluster] + random.standard_normal((rows, 1024)), cluster % 10


def split(X, y):
    return ("train", X[:-TEST_ROWS], y[:-TEST_ROWS]), ("test", X[-TEST_ROWS:], y[-TEST_ROWS:])


def write(folder, parts):
    folder.mkdir(parents=True, exist_ok=True)
    for part, X, y in parts:
        X.astype("<f4").tofile(folder / f"{part}.X")
        y.astype("<f4").tofile(folder / f"{part}.y")


def train(work, folder):
    """The parameters of the work's network after three epochs: trained, be it not to the end."""
    torch.manual_seed(1)
    torch.set_num_threads(1)
    X = torch.from_numpy(numpy.fromfile(folder / "train.X", "<f4").reshape(-1, work.layers[0]))
    y = torch.from_numpy(numpy.fromfile(folder / "train.y", "<f4"))
    classes = work.task == "classification"
    y, loss = (y.long(), torch.nn.CrossEntropyLoss()) if classes else (y[:, None], torch.nn.MSELoss())
    dense = [torch.nn.Linear(a, b) for a, b in zip(work.layers, work.layers[1:])]
    network = torch.nn.Sequential(*[part for each in dense for part in (each, torch.nn.ReLU())][:-1])
    adam = torch.optim.Adam(network.parameters(), fused=True)
    for _ in range(3):
        for rows in torch.randperm(len(X)).split(64):
            adam.zero_grad()
            loss(network(X[rows]), y[rows]).backward()
            adam.step()
    return numpy.concatenate([part.detach().numpy().ravel() for each in dense for part in (each.weight.T, each.bias)])


def main():
    target = pathlib.Path(sys.argv[1])
    rows = {work.data: work.rows for work in works.WORKS if not work.predict_rows}
    write(target / "fashion", fashion())
    for make in (curve, regions, clusters):
        write(target / make.__name__, split(*make(rows[make.__name__] + TEST_ROWS)))
    for work in works.WORKS:
        if work.predict_rows:
            path = target / work.data / ("parameters_" + "-".join(map(str, work.layers)))
            train(work, target / work.data).astype("<f4").tofile(path)


if __name__ == "__main__":
    main()
