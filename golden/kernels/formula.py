"""Deterministic points that both sides of a golden test compute: rounded to float32, held as float64."""

import numpy as np


def values(shape, tensor, scale=1.0, offset=0.0):
    """offset + scale * sin(0.9 i + 2.7 tensor + 0.013 i^2), i the flat index; golden/hypotheses/formula.ts has the same."""
    i = np.arange(int(np.prod(shape)), dtype=np.float64)
    v = offset + scale * np.sin(0.9 * i + 2.7 * tensor + 0.013 * i * i)
    return v.astype(np.float32).astype(np.float64).reshape(shape)


def flat(array):
    return [float(f"{x:.12g}") for x in np.asarray(array).reshape(-1)]
