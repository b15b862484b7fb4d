"""Infinite-width NTK and NNGP kernels by neural-tangents in float64: writes neuralTangents.json beside this file.

Needs neural-tangents 0.6.5 with jax 0.4.30. Networks in the tangent parameterisation; points as in formula.py: x is tensor 1,
y tensor 2, and the last point of y repeats the first of x.
"""

import json
import pathlib

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)
from neural_tangents import stax  # noqa: E402

from formula import flat, values  # noqa: E402


def points(n, m, shape):
    x, y = values([n, *shape], 1), values([m, *shape], 2)
    y[-1] = x[0]
    return x, y


def fully_connected(depth, w, b):
    layers = []
    for _ in range(depth):
        layers += [stax.Dense(1, W_std=w, b_std=b), stax.Relu()]
    return stax.serial(stax.Flatten(), *layers, stax.Dense(1, W_std=w, b_std=b))[2]


def convolutional(depth, pooling, w, b):
    layers = []
    for _ in range(depth):
        layers += [stax.Conv(1, (3, 3), padding="SAME", W_std=w, b_std=b), stax.Relu()]
        if pooling == "avg":
            layers += [stax.AvgPool((2, 2), strides=(2, 2))]
    return stax.serial(*layers, stax.Flatten(), stax.Dense(1, W_std=w, b_std=b))[2]


def both(kernel, x, y):
    k = kernel(x, y, ("ntk", "nngp"))
    return dict(ntk=flat(k.ntk), nngp=flat(k.nngp))


if __name__ == "__main__":
    out = []
    root2 = float(np.sqrt(2))
    for depth, w, b in [(1, root2, 0.1), (2, 1.3, 0.0), (5, root2, 0.1)]:
        x, y = points(3, 4, [1, 3, 4])
        case = dict(kind="fully connected", depth=depth, weightStd=w, biasStd=b, n=3, m=4, input=[1, 3, 4])
        out.append(dict(case=case, **both(fully_connected(depth, w, b), x.reshape(3, -1), y.reshape(4, -1))))
    # name, depth, pooling, input, padding of the first convolution
    for depth, pooling, shape, padding, b in [
        (2, "none", [3, 5, 6], 1, 0.1),
        (3, "none", [1, 6, 6], 1, 0.0),
        (1, "avg", [2, 5, 6], 1, 0.1),
        (2, "avg", [3, 8, 8], 1, 0.1),
        (2, "avg", [1, 7, 6], 2, 0.2),
        (3, "avg", [1, 8, 8], 1, 0.1),
    ]:
        x, y = points(2, 3, shape)
        extra = padding - 1
        pad = [(0, 0), (0, 0), (extra, extra), (extra, extra)]
        nhwc = lambda z: np.transpose(np.pad(z, pad), (0, 2, 3, 1))
        case = dict(
            kind="convolutional", depth=depth, pooling=pooling, padding=padding, weightStd=root2, biasStd=b, n=2, m=3, input=shape
        )
        out.append(dict(case=case, **both(convolutional(depth, pooling, root2, b), nhwc(x), nhwc(y))))
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
