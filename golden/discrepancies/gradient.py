"""Distances of loss gradients in float64 PyTorch: writes gradient.json beside this file.

`tensors`: distances of two trees of assorted shapes (numbered formula tensors). `mlp`: weighted mean loss gradients of the
small MLP on two measures, their distances, and the points' gradient of the layer-wise distance.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

from small_mlp import flat, logits, measure, parameters, values

TREE = [(4, 3, 3, 3), (4,), (5, 4), (5,)]


def layerwise(a, b):
    """Rows of every weight, the published loss: 1 - <a, b> / (|a||b| + 1e-6), summed."""
    total = 0
    for x, y in zip(a, b):
        if x.dim() > 1:
            x, y = x.reshape(len(x), -1), y.reshape(len(y), -1)
            total = total + (1 - (x * y).sum(1) / (x.norm(dim=1) * y.norm(dim=1) + 1e-6)).sum()
    return total


def distances(a, b):
    x, y = (torch.cat([t.reshape(-1) for t in tree]) for tree in (a, b))
    kernels = [(p - q) for p, q in zip(a, b) if p.dim() == 4]
    return dict(
        squared=((x - y) ** 2).sum().item(),
        cosine=(1 - x @ y / (x.norm() * y.norm() + 1e-6)).item(),
        layerwise=layerwise(a, b).item(),
        l1=sum(d.abs().sum().item() for d in kernels),
        mse=sum((d**2).sum().item() for d in kernels),
    )


def gradient(params, x, labels, w, **options):
    loss = (F.cross_entropy(logits(params, x), labels, reduction="none") * w).sum()
    return torch.autograd.grad(loss, params, **options)


if __name__ == "__main__":
    a, b = ([values(s, first + k, 0.3) for k, s in enumerate(TREE)] for first in (10, 20))
    params = [p.requires_grad_() for p in parameters()]
    (x, i, v), (y, j, w) = measure(7, 90), measure(5, 91, shift=1)
    x.requires_grad_()
    f, g = gradient(params, x, i, v, create_graph=True), gradient(params, y, j, w)
    pull = torch.autograd.grad(layerwise(f, g), x)[0]
    out = dict(
        tensors=distances(a, b),
        mlp=dict(
            gradient=[flat(t) for t in f],
            distances=distances([t.detach() for t in f], g),
            pointGradient=flat(pull),
        ),
    )
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
