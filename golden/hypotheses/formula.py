"""Deterministic arrays that both sides of a golden test compute: rounded to float32, held as float64."""

import numpy as np
import torch


def values(shape, tensor, scale=1.0, offset=0.0):
    """offset + scale * sin(0.9 i + 2.7 tensor + 0.013 i^2), i the flat index."""
    i = np.arange(int(np.prod(shape)), dtype=np.float64)
    v = offset + scale * np.sin(0.9 * i + 2.7 * tensor + 0.013 * i * i)
    return torch.tensor(v.astype(np.float32).astype(np.float64).reshape(shape))


def flat(tensor):
    return [float(f"{x:.9g}") for x in tensor.detach().reshape(-1).tolist()]
