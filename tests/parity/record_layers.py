"""Outputs, gradients and running statistics of the layers."""

import torch

from recording import numbers, plain, turn, write


def layer_pass(layer, X, dZ, order):
    """One forward and backward pass; `order` are the layer's parameters as they lie in our θ."""
    X = X.clone().requires_grad_()
    layer.zero_grad()
    Z = layer(X)
    Z.backward(dZ)
    gradient = torch.cat([turn(p.grad).flatten() for p in order])
    return {"X": X, "Z": Z, "dZ": dZ, "gradient": gradient, "dX": X.grad}


def with_parameters(layer, scale=1.0):
    for p in layer.parameters():
        p.data = numbers(*p.shape, spread=scale)
    return layer


def record():
    cases = []
    for text, layer in {
        "dense:units=3,activation=identity": torch.nn.Linear(4, 3),
        "dense:units=2,activation=identity,bias=false": torch.nn.Linear(4, 2, bias=False),
        "layer_norm": torch.nn.LayerNorm(4),
        "layer_norm:epsilon=0.01": torch.nn.LayerNorm(4, eps=0.01),
    }.items():
        order = list(with_parameters(layer).parameters())
        passes = []
        for batch in (5, 1):
            X = 3 + numbers(batch, 4, spread=2)
            passes.append(layer_pass(layer, X, numbers(*layer(X).shape), order))
        theta = torch.cat([turn(p).flatten() for p in order])
        cases.append({"layer": text, "inputs": 4, "parameters": theta,
                      "passes": [{k: plain(v) for k, v in each.items()} for each in passes]})  # fmt: skip

    normed = []
    for text, layer in {
        "batch_norm": torch.nn.BatchNorm1d(3),
        "batch_norm:momentum=0.25,epsilon=0.01": torch.nn.BatchNorm1d(3, momentum=0.25, eps=0.01),
    }.items():
        order = list(with_parameters(layer).parameters())
        passes = []
        for training, batch in ((True, 6), (True, 4), (True, 2), (False, 3)):
            layer.train(training)
            each = layer_pass(layer, 2 + numbers(batch, 3, spread=2), numbers(batch, 3), order)
            each.update(training=training, statistics=torch.cat([layer.running_mean, layer.running_var]))
            passes.append({k: plain(v) for k, v in each.items()})
        normed.append({"layer": text, "inputs": 3, "parameters": torch.cat(order), "passes": passes})
    write("layers", {"stateless": cases, "batch_norm": normed})
