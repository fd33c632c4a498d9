"""Numbers for the recorded cases, and the files that they are written to.

Inputs are multiples of 1/1024: float holds them exactly, so both precisions start from the same numbers. Every figure
is a float64, written so that it reads back bit for bit.
"""

import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def exact(x):
    return torch.round(1024 * torch.as_tensor(x, dtype=torch.float64)) / 1024


def numbers(*shape, spread=1.0):
    return exact(spread * torch.randn(*shape))


def plain(x):
    return x.detach().tolist() if isinstance(x, torch.Tensor) else x


def write(name, content):
    """One line for each case, so that a change shows where it is."""
    parts = [f'"torch": {json.dumps(torch.__version__.split("+")[0])}']
    for key, value in content.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines = ",\n".join(json.dumps({k: plain(v) for k, v in each.items()}) for each in value)
            parts.append(f'"{key}": [\n{lines}\n]')
        else:
            parts.append(f'"{key}": {json.dumps(plain(value))}')
    Path(__file__).with_name(name + ".json").write_text("{\n" + ",\n".join(parts) + "\n}\n")


def turn(p):
    return p.T if p.dim() == 2 else p  # torch keeps W as outputs × inputs
