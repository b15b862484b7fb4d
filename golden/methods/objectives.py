"""Objectives of the distribution-discrepancy family and their gradients in S, in float64 PyTorch: writes objectives.json.

Three classes of 1x8x8 images under a ConvNet of depth 2 and width 8 with the golden scripts' weights (see
golden/hypotheses/formula.py): 5 real images a class (tensor 90), 2 stored synthetic ones (tensor 91). Written from the
papers' formulas: class-wise sums, nothing in chunks.
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "hypotheses"))
from convnet import CLASSES, forward, parameters  # noqa: E402
from formula import flat, values  # noqa: E402

CASE = dict(n=0, input=[1, 8, 8], depth=2, width=8, activation="relu", normalisation="instance", pooling="avg")
REAL, IPC = 5, 2
MEAN, STD = 0.3, 0.4

params = parameters(CASE)
names = [f"{layer}{k}" for k in (1, 2) for layer in ("conv", "norm")] + ["head"]
real = values([CLASSES, REAL, 1, 8, 8], 90)


def embed(x):
    """The network without its last layer: an identity head."""
    features = params[-2].shape[1]
    identity = [torch.eye(features, dtype=torch.float64), torch.zeros(features, dtype=torch.float64)]
    return forward(CASE, [*params[:-2], *identity], x)


def gradient(x, label):
    loss = F.cross_entropy(forward(CASE, params, x), torch.full([len(x)], label))
    return torch.autograd.grad(loss, params, create_graph=True)


def layerwise(a, b):
    total = 0.0
    for x, y in zip(a, b):
        if x.dim() > 1:
            x, y = x.flatten(1), y.flatten(1)
            total = total + (1 - (x * y).sum(1) / (x.norm(dim=1) * y.norm(dim=1) + 1e-6)).sum()
    return total


def convolutions(a, b, norm):
    return sum(
        ((x - y).abs() if norm == "l1" else (x - y) ** 2).sum() for x, y in zip(a, b) if x.dim() == 4
    )


def formed(s):
    """Multi-formation by 2 of pixels in 0..1, normalised."""
    tiles = [s[:, :, 4 * r : 4 * r + 4, 4 * c : 4 * c + 4] for r in range(2) for c in range(2)]
    big = [F.interpolate(t, size=(8, 8), mode="bilinear", align_corners=False) for t in tiles]
    return (torch.cat(big) - MEAN) / STD


def detached(g):
    return [t.detach() for t in g]


def classwise(term):
    return lambda s: sum(term(s[c], real[c], c) for c in range(CLASSES))


OBJECTIVES = {
    "dm": classwise(lambda s, t, c: ((embed(t).mean(0) - embed(s).mean(0)) ** 2).sum()),
    "dc": classwise(lambda s, t, c: layerwise(gradient(s, c), detached(gradient(t, c)))),
    "idc-l1": classwise(lambda s, t, c: convolutions(gradient(formed(s), c), detached(gradient(t, c)), "l1")),
    "idc-squared": classwise(lambda s, t, c: convolutions(gradient(formed(s), c), detached(gradient(t, c)), "squared")),
    # DCC: gradients are averaged over the classes before they are compared.
    "dc-set": lambda s: layerwise(
        [sum(g) / CLASSES for g in zip(*(gradient(s[c], c) for c in range(CLASSES)))],
        [sum(g).detach() / CLASSES for g in zip(*(gradient(real[c], c) for c in range(CLASSES)))],
    ),
    "classification": classwise(
        lambda s, t, c: ((embed(t).mean(0) - embed(s).mean(0)) ** 2).sum()
        + 0.5 * 75 * F.cross_entropy(forward(CASE, params, s), torch.full([len(s)], c))
    ),
}

if __name__ == "__main__":
    out = {}
    for name, objective in OBJECTIVES.items():
        scale, offset = (0.4, 0.5) if name.startswith("idc") else (1.0, 0.0)
        s = values([CLASSES, IPC, 1, 8, 8], 91, scale, offset).requires_grad_()
        loss = objective(s)
        out[name] = dict(loss=loss.item(), gradient=flat(torch.autograd.grad(loss, s)[0]))
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in out.items()) + "\n}\n")
