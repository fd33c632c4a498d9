"""Values and slopes of the activations; what torch lacks is written in its operations."""

import torch
import torch.nn.functional as F

from recording import exact, numbers, write


elementwise = {
    "identity": lambda z: 1 * z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": lambda z: F.leaky_relu(z, 0.01),
    "elu": F.elu,
    "celu": F.celu,
    "selu": F.selu,
    "gelu": F.gelu,
    "gelu_tanh": lambda z: F.gelu(z, approximate="tanh"),
    "silu": F.silu,
    "mish": F.mish,
    "softplus": lambda z: F.softplus(z, threshold=50),  # at its default of 20 torch returns z
    "softsign": F.softsign,
    "relu6": F.relu6,
    "hard_sigmoid": lambda z: F.relu6(z + 3) / 6,  # F.hardsigmoid's slope is a float 1/6 even for doubles
    "hard_tanh": F.hardtanh,
    "hard_silu": F.hardswish,
    "exp": torch.exp,
    "sin": torch.sin,
    "cos": torch.cos,
    "gaussian": lambda z: torch.exp(-(z**2)),
    "elliot": lambda z: (1 + z / (1 + abs(z))) / 2,
    "square": torch.square,
}


def record():
    # both tails, both sides of every kink, and the kinks themselves
    z = exact([-20, -10, -6, -3, -2.25, -1, -0.5, -1 / 1024, 0, 1 / 512, 0.5, 1, 2.25, 3, 4.5, 6, 10, 20])
    cases = []
    for name, value in elementwise.items():
        z.requires_grad_().grad = None
        a = value(z)
        a.sum().backward()
        cases.append({"activation": name, "value": a, "slope": z.grad})
    rows = []
    for name, value in {"softmax": F.softmax, "log_softmax": F.log_softmax}.items():
        Z = torch.cat([numbers(3, 4, spread=2), exact([[50, -50, 0, 1], [7, 7, 7, 7], [-50, -49, -48, -50]])])
        Z.requires_grad_()
        dA = numbers(6, 4)
        A = value(Z, dim=1)
        A.backward(dA)
        rows.append({"activation": name, "Z": Z, "A": A, "dA": dA, "dZ": Z.grad})
    write("activations", {"z": z, "elementwise": cases, "rowwise": rows})
