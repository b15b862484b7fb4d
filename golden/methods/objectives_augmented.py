"""Objectives under augmentation with given parameters, and their gradients in S, in float64 PyTorch: writes
objectives_augmented.json. Weights and images as in objectives.py; operators as in ../tricks/augmentation.py (affine_grid and
grid_sample, padding and cropping). Both sides of a class get the same operator with the same parameters.
"""

import json
import math
import pathlib
import sys

import torch
import torch.nn.functional as F
from objectives import CASE, CLASSES, IPC, convolutions, detached, flat, formed, forward, gradient, layerwise, params, real, values
from objectives_derivatives import moments

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tricks"))
from augmentation import affine, color, cutout, shift  # noqa: E402

turn = math.radians(-12.0)
rotation = [math.cos(turn), -math.sin(turn), math.sin(turn), math.cos(turn)]
# One operator for each of the three classes, as siamese augmentation draws them.
SIAMESE = {
    "colour, crop, cutout": [
        lambda x: color(x, 0.3, 1.7, 0.6),
        lambda x: shift(x, -1, 1),
        lambda x: cutout(x, -1, 3, 4),
    ],
    "flip, scale, rotate": [
        lambda x: x.flip(3),
        lambda x: affine(x, [1.15, 0.0, 0.0, 0.87]),
        lambda x: affine(x, rotation),
    ],
}


def composite(x):
    """Colour before what moves pixels, so that what is filled stays zero: IDC's order."""
    return cutout(shift(color(x, -0.2, 1.0, 1.3), 1, -1), 2, -1, 4)


def dsa(operators):
    def objective(s):
        return sum(
            layerwise(gradient(a(s[c]), c), detached(gradient(a(real[c]), c))) for c, a in enumerate(operators)
        )

    return objective


def teddy(operators):
    """Moments of features, and the cross-entropy of S under its labels."""

    def objective(s):
        total = 0.0
        for c, a in enumerate(operators):
            own = a(s[c])
            loss = F.cross_entropy(forward(CASE, params, own), torch.full([len(own)], c))
            total = total + moments(own, a(real[c])) + loss
        return total

    return objective


def idc(s):
    return sum(
        convolutions(gradient(composite(formed(s[c])), c), detached(gradient(composite(real[c]), c)), "squared")
        for c in range(CLASSES)
    )


CASES = {
    **{f"dsa, {name}": (dsa(own), 1.0, 0.0) for name, own in SIAMESE.items()},
    **{f"teddy, {name}": (teddy(own), 1.0, 0.0) for name, own in SIAMESE.items()},
    "idc, composite": (idc, 0.4, 0.5),
}

if __name__ == "__main__":
    out = {}
    for name, (objective, scale, offset) in CASES.items():
        s = values([CLASSES, IPC, 1, 8, 8], 91, scale, offset).requires_grad_()
        loss = objective(s)
        out[name] = dict(loss=loss.item(), gradient=flat(torch.autograd.grad(loss, s)[0]))
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in out.items()) + "\n}\n")
