"""Characteristic functions and their distances in float64 NumPy: writes characteristic.json beside this file."""

import json
import pathlib

import numpy as np

from small_mlp import flat, measure, values


def function(x, w, t):
    return np.exp(1j * x @ t.T).T @ w


if __name__ == "__main__":
    (x, _, v), (y, _, w) = measure(7, 90), measure(5, 91)
    t = values([9, 6], 92)
    f, g = (function(p.numpy(), q.numpy(), t.numpy()) for p, q in ((x, v), (y, w)))
    f1, g1 = (function(p.numpy(), np.full(len(p), 1 / len(p)), t.numpy()) for p in (x, y))
    out = dict(
        real=list(f.real),
        imaginary=list(f.imag),
        l2=np.sqrt(np.mean(np.abs(f - g) ** 2)),
        sup=np.abs(f - g).max(),
        uniformSquared=np.mean(np.abs(f1 - g1) ** 2),
    )
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
