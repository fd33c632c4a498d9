"""Writes python.safetensors with Python's own package, for tests/file/safetensors_test.cpp.

    pip install safetensors torch
    python record_safetensors.py        # recorded with safetensors 0.8.0, torch 2.13.0
"""

from pathlib import Path

import torch
from safetensors.torch import save_file

tensors = {
    "float": torch.tensor([[1.5, -2.0, 3.25], [0.0, 1e-30, float("inf")]], dtype=torch.float32),
    "double": torch.tensor([0.1, -1e300], dtype=torch.float64),
    "brain": torch.tensor([1.0, -2.0, 0.5], dtype=torch.bfloat16),
    "integer": torch.tensor([-1, 2**40], dtype=torch.int64),
    "scalar": torch.tensor(42.0, dtype=torch.float32),
    "empty": torch.zeros((0, 3), dtype=torch.float32),
    "größe": torch.tensor([True, False], dtype=torch.bool),
}
save_file(tensors, Path(__file__).with_name("python.safetensors"), {"source": "Python", "quote": 'a "b" \\ é\n'})
