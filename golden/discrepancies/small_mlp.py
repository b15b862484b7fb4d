"""The MLP of the golden scripts here: 6 -> 5 -> 5 -> 3 with ReLU in float64, tensors as in ../hypotheses/formula.py."""

import math
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "hypotheses"))
from formula import flat, values  # noqa: E402,F401

SHAPES = [(5, 6), (5, 5), (3, 5)]


def parameters():
    """Weight and bias of every layer in order, numbered as formula.ts numbers them."""
    params = []
    for k, shape in enumerate(SHAPES):
        scale = 1 / math.sqrt(shape[1])
        params += [values(shape, 2 * k, scale), values(shape[:1], 2 * k + 1, scale)]
    return params


def logits(params, x):
    h = x
    for k in range(3):
        h = F.linear(h, params[2 * k], params[2 * k + 1])
        h = F.relu(h) if k < 2 else h
    return h


def measure(n, tensor, shift=0):
    """n points of dimension 6, labels i + shift modulo 3, weights proportional to i + 1."""
    weights = torch.arange(1, n + 1, dtype=torch.float64)
    return values([n, 6], tensor), (torch.arange(n) + shift) % 3, weights / weights.sum()
