"""PyTorch: the data in one tensor, batches by index_select; eager, compiled or traced as the settings say."""

import itertools
import warnings

import torch
import torch._inductor as inductor

import contestant

ADAM = {"default": {}, "foreach": {"foreach": True}, "fused": {"fused": True}, "compiled": {"foreach": True}}


def build(work):
    layers = []
    for inputs, units in itertools.pairwise(work.layers):
        layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def compiled(work, function):
    """The same where the settings ask for no compilation."""
    words = work.settings.split()
    modes = {"compile": "default", "reduce-overhead": "reduce-overhead"}
    mode = next((modes[word] for word in words if word in modes), None)
    if mode is None:
        return function
    inductor.config.cpp_wrapper = "cpp_wrapper" in words  # kernels are called from C++, not from Python
    inductor.config.freezing = work.predict_rows > 0  # weights are constants
    return torch.compile(function, mode=mode, dynamic=False)


class Training:
    def __init__(self, work):
        self.work = work
        self.network = build(work)
        y = torch.from_numpy(work.y)
        self.X, self.y = torch.from_numpy(work.X), y.long() if work.classification else y[:, None]
        self.loss = torch.nn.CrossEntropyLoss() if work.classification else torch.nn.MSELoss()
        adam = work.setting("adam")
        self.adam = torch.optim.Adam(self.network.parameters(), lr=1e-3, eps=1e-8, **ADAM[adam])
        self.move = torch.compile(self.adam.step) if adam == "compiled" else self.adam.step
        self.forward = compiled(work, self.batch_loss)
        self.warm_up()

    def batch_loss(self, X, y):
        return self.loss(self.network(X), y)

    def step(self, rows):
        X, y = self.X.index_select(0, rows), self.y.index_select(0, rows)
        self.adam.zero_grad(set_to_none=True)
        self.forward(X, y).backward()
        self.move()

    def warm_up(self):
        """Compiles for both sizes of a batch, then puts everything back to the start."""
        start = [each.detach().clone() for each in self.network.parameters()]
        rows = torch.arange(len(self.X))
        for batch in (rows[: self.work.batch], rows.split(self.work.batch)[-1]) * 2:
            self.step(batch)
        with torch.no_grad():
            for parameter, value in zip(self.network.parameters(), start):
                parameter.copy_(value)
                for state in self.adam.state[parameter].values():
                    state.zero_()

    def train(self):
        for _ in range(self.work.epochs):
            for rows in torch.randperm(len(self.X)).split(self.work.batch):
                self.step(rows)

    prepare = staticmethod(torch.from_numpy)

    def predict(self, X):
        with torch.inference_mode():
            return self.network(X)


class Prediction:
    def __init__(self, work):
        self.work = work
        network = build(work)
        with torch.no_grad():
            for dense, (W, b) in zip(network[::2], work.parameters):
                dense.weight.copy_(torch.from_numpy(W.T.copy()))
                dense.bias.copy_(torch.from_numpy(b))
        if work.classification:
            network.append(torch.nn.Softmax(dim=1))
        self.forward = self.made_fast(network.eval())
        torch.set_grad_enabled(False)
        self.mode = torch.inference_mode()
        self.mode.__enter__()  # for good: entering it at every call takes time
        self.forward(torch.from_numpy(work.test_X[: work.piece()]))

    def made_fast(self, network):
        example = torch.from_numpy(self.work.test_X[: self.work.piece()])
        if "trace+freeze" in self.work.settings:
            with torch.no_grad():
                frozen = torch.jit.freeze(torch.jit.trace(network, example))
                for _ in range(3):  # it optimises itself at the first calls
                    frozen(example)
            return frozen
        return compiled(self.work, network)

    prepare = staticmethod(torch.from_numpy)

    def predict(self, X):
        return self.forward(X)


def make(work):
    torch.set_num_threads(work.threads)
    torch.manual_seed(work.seed)
    return Prediction(work) if work.predict_rows else Training(work)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    contestant.run("PyTorch", torch.__version__, make)
