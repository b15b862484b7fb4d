"""Siamese augmentation operators in float64 PyTorch, with given parameters: writes augmentation.json beside this file.

Geometry is PyTorch's own affine_grid and grid_sample (bilinear, zero padding, align_corners=False), integer shifts are zero
padding and cropping. Images are sines of the flat index, as in golden/hypotheses/formula.py.
"""

import json
import math
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "hypotheses"))
from formula import flat, values


def affine(x, matrix):
    theta = torch.tensor([[matrix[0], matrix[1], 0.0], [matrix[2], matrix[3], 0.0]], dtype=torch.float64)
    grid = F.affine_grid(theta.expand(len(x), 2, 3), x.shape, align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def shift(x, down, right):
    pad = max(abs(down), abs(right))
    h, w = x.shape[2:]
    return F.pad(x, [pad] * 4)[:, :, pad + down : pad + down + h, pad + right : pad + right + w]


def cutout(x, top, left, side):
    rows = torch.arange(x.shape[2])[:, None]
    columns = torch.arange(x.shape[3])[None, :]
    inside = (rows >= top) & (rows < top + side) & (columns >= left) & (columns < left + side)
    return torch.where(inside, 0.0, x)


def color(x, brightness, saturation, contrast):
    x = x + brightness
    grey = x.mean(1, keepdim=True)
    x = (x - grey) * saturation + grey
    mean = x.mean([1, 2, 3], keepdim=True)
    return (x - mean) * contrast + mean


angle = math.radians(11.0)
CASES = [
    ("color", dict(brightness=0.3, saturation=1.7, contrast=0.6), lambda x, p: color(x, **p)),
    ("crop", dict(shift=[-2, 1]), lambda x, p: shift(x, *p["shift"])),
    ("cutout", dict(cutout=[-1, 3, 4]), lambda x, p: cutout(x, *p["cutout"])),
    ("flip", dict(flip=True), lambda x, p: x.flip(3)),
    ("scale", dict(affine=[1.15, 0.0, 0.0, 0.85]), lambda x, p: affine(x, p["affine"])),
    (
        "rotate",
        dict(affine=[math.cos(angle), -math.sin(angle), math.sin(angle), math.cos(angle)]),
        lambda x, p: affine(x, p["affine"]),
    ),
]

if __name__ == "__main__":
    out = []
    for shape in [(2, 1, 8, 8), (2, 3, 7, 9)]:
        for name, parameters, apply in CASES:
            x = values(shape, 5).requires_grad_()
            y = apply(x, parameters)
            # The derivative of Σ y³/3 shows that the backward pass is the operator's own.
            (y**3).sum().div(3).backward()
            case = dict(operator=name, shape=shape, draw=parameters, result=flat(y), gradient=flat(x.grad))
            out.append(case)
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(out))
