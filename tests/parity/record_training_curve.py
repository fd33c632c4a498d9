"""The loss of every step, and the final parameters, of small networks trained on the same batches in the same order."""

import torch
import torch.nn.functional as F

from recording import exact, numbers, plain, turn, write


def network_parameters(network):
    return torch.cat([turn(p).flatten() for p in network.parameters()])


def curve(name, layers, network, loss, our_loss, rule, our_rule, l2, batches):
    """20 epochs over the batches in their order."""
    for p in network.parameters():
        p.data = exact(p.data)
    weights = [p for n, p in network.named_parameters() if p.dim() == 2]
    rest = [p for p in network.parameters() if p.dim() != 2]
    optimizer = rule([{"params": weights, "weight_decay": l2}, {"params": rest, "weight_decay": 0.0}])
    start, losses = network_parameters(network), []
    for _ in range(20):
        for X, t in batches:
            optimizer.zero_grad()
            value = loss(network(X), t)
            value.backward()
            optimizer.step()
            losses.append(value.item())
    statistics = [torch.cat([m.running_mean, m.running_var]) for m in network if hasattr(m, "running_mean")]
    return {"name": name, "inputs": batches[0][0].shape[1], "layers": layers, "loss": our_loss, "rule": our_rule,
            "l2": l2, "batches": [{"X": plain(X), "targets": plain(one_hot(t))} for X, t in batches], "start": start,
            "losses": losses, "parameters": network_parameters(network),
            "statistics": torch.cat(statistics) if statistics else []}  # fmt: skip


def one_hot(t):
    return F.one_hot(t, 3) if t.dtype == torch.int64 else t


def record():
    nn = torch.nn
    centres = numbers(3, 6, spread=1.5)
    labels = [torch.arange(9)[torch.randperm(9)] % 3 for _ in range(3)]
    batches = [(exact(centres[t] + torch.randn(9, 6)), t) for t in labels]

    def adam(groups):
        return torch.optim.Adam(groups, lr=0.01)

    def momentum(groups):
        return torch.optim.SGD(groups, lr=0.05, momentum=0.9)

    tanh = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 5), nn.Tanh(), nn.Linear(5, 3))
    relu = nn.Sequential(nn.Linear(6, 8, bias=False), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 5), nn.ReLU(),
                         nn.Linear(5, 3))  # fmt: skip
    small = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1))
    plane = [numbers(8, 2) for _ in range(3)]
    surface = [(X, exact(torch.sin(2 * X[:, :1]) - X[:, 1:] ** 2 / 2)) for X in plane]

    cases = [
        curve("tanh", ["dense:8,tanh", "dense:5,tanh", "dense:3,softmax"], tanh, nn.CrossEntropyLoss(),
              "categorical_cross_entropy", adam, "adam:learning_rate=0.01", 0.0, batches),
        curve("relu with batch normalisation",
              ["dense:8,identity,bias=false", "batch_norm:relu", "dense:5,relu", "dense:3,softmax"], relu,
              nn.CrossEntropyLoss(), "categorical_cross_entropy", adam, "adam:learning_rate=0.01", 0.0, batches),
        curve("regression", ["dense:6,tanh", "dense:1,identity"], small, nn.MSELoss(), "squared_error", momentum,
              "momentum:learning_rate=0.05", 0.01, surface),
    ]  # fmt: skip
    write("training_curve", {"cases": cases})
