"""What is measured, and who takes part with which settings. How it is done is left to the contestants."""

import dataclasses
import itertools


@dataclasses.dataclass(frozen=True)
class Work:
    """A network to train for some epochs, or one that is trained already and predicts so many rows at once."""

    name: str
    layers: tuple  # inputs, units of each dense layer
    data: str  # a folder that make_data.py writes
    task: str = "classification"  # softmax and cross-entropy; "regression": identity and squared error
    rows: int = 0  # of the training data
    batch: int = 0
    epochs: int = 0  # enough for a timing of more than half a second
    predict_rows: int = 0  # 0: the work is training

    def multiplications(self):
        """How often a weight meets a number of one sample, forward."""
        return sum(a * b for a, b in itertools.pairwise(self.layers))

    def flops(self):
        """Of the products of an epoch or a prediction: Z = XW, dW = XᵀdZ, dX = dZWᵀ but for the first layer."""
        if self.predict_rows:
            return 2 * self.predict_rows * self.multiplications()
        return 2 * self.rows * (3 * self.multiplications() - self.layers[0] * self.layers[1])

    def shortened(self, epochs):
        """The same with no more epochs than that."""
        return dataclasses.replace(self, epochs=min(self.epochs, epochs)) if epochs else self


def train(layers, data, **rest):
    return Work("train " + "-".join(map(str, layers)), layers, data, **rest)


def predict(layers, data, predict_rows, **rest):
    return Work(f"predict {'-'.join(map(str, layers))} × {predict_rows:,}", layers, data, predict_rows=predict_rows, **rest)


WORKS = (
    train((784, 128, 10), "fashion", rows=60_000, batch=64, epochs=5),
    train((784, 512, 512, 10), "fashion", rows=60_000, batch=256, epochs=2),
    train((20, 64, 64, 1), "curve", task="regression", rows=20_000, batch=32, epochs=80),
    train((54, 100, 50, 7), "regions", rows=100_000, batch=200, epochs=10),
    train((1024, 1024, 1024, 1024, 10), "clusters", rows=16_384, batch=1024, epochs=2),
    predict((20, 64, 64, 1), "curve", 1, task="regression"),
    predict((784, 128, 10), "fashion", 1),
    predict((784, 128, 10), "fashion", 10_000),
)


@dataclasses.dataclass(frozen=True)
class Contestant:
    """Who takes part: the program, and its settings (name=value …) for training and for prediction."""

    name: str
    program: str  # a Python file of this folder, or a binary of the build
    train: tuple = ()
    predict: tuple = ()
    threads: tuple = (1, 2)
    tasks: tuple = ("classification", "regression")

    def runs(self, work):
        """(settings, threads) of each process."""
        if work.task not in self.tasks:
            return []
        settings = self.predict if work.predict_rows else self.train
        if work.predict_rows > 1:  # all rows in one call, or in pieces that stay in the cache
            settings = [f"{each} piece={piece}".strip() for each in settings for piece in (work.predict_rows, 250)]
        return list(itertools.product(settings, self.threads))


CONTESTANTS = (
    Contestant("neurone", "neurone_peer", train=("",), predict=("",), threads=(1,)),  # the others may have two
    Contestant("naive C", "naive_peer", train=("",), predict=("",), threads=(1,)),
    Contestant(
        "PyTorch",
        "pytorch_peer.py",
        train=(
            "eager adam=default",
            "eager adam=foreach",
            "eager adam=fused",
            "compile adam=fused",
            "reduce-overhead adam=fused",
            "compile cpp_wrapper adam=fused",
            "compile adam=compiled",
        ),
        predict=("eager", "trace+freeze", "compile", "reduce-overhead", "compile cpp_wrapper"),
    ),
    Contestant("scikit-learn", "scikit_learn_peer.py", train=("",), predict=("",)),
    Contestant("dlib", "dlib_peer", train=("",), predict=("",)),
    Contestant(  # it has neither Adam nor ReLU nor softmax
        "FANN",
        "fann_peer",
        train=("incremental, not Adam; tanh",),
        predict=("tanh",),
        threads=(1,),
        tasks=("regression",),
    ),
    Contestant("ONNX Runtime", "onnxruntime_peer.py", predict=("run", "io_binding")),
)
