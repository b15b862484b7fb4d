"""Hallucinators, supervised contrast, HaBa's term and its extractor's loss, in float64 PyTorch: writes hallucinated.json.

Two classes of two bases of 2x6x5 through three hallucinators of three channels: PyTorch's conv2d and conv_transpose2d. The extractor is
a ConvNet of depth 2 and width 8 with the golden scripts' weights (golden/hypotheses/formula.py) on 1x8x8 images, two views of six
samples, written out image by image.
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "hypotheses"))
from convnet import CLASSES, forward, parameters  # noqa: E402
from formula import flat, values  # noqa: E402

H, FEW, K = 3, 3, 3
SHAPES = dict(
    bases=[4, 2, 6, 5],
    first=[H, FEW, 2, K, K],
    firstBias=[H, FEW],
    scale=[H, FEW, 4, 3],
    shift=[H, FEW, 4, 3],
    last=[H, 2, FEW, K, K],
    lastBias=[H, 2],
)
given = {name: values(shape, t).requires_grad_() for t, (name, shape) in enumerate(SHAPES.items(), 1)}


def hallucinated(j):
    g = {name: t if name == "bases" else t[j] for name, t in given.items()}
    maps = F.conv2d(g["bases"], g["first"], g["firstBias"]) * g["scale"] + g["shift"]
    # A transposed convolution is a correlation with the kernel turned and its channels exchanged.
    return F.conv_transpose2d(maps, g["last"].transpose(0, 1).flip(-1, -2), g["lastBias"])


images = torch.stack([hallucinated(j) for j in range(H)], 1).reshape(4 * H, 2, 6, 5)
weights = values([4 * H, 2, 6, 5], 20)
loss = (weights * images + 0.5 * images**2).sum()
slopes = dict(zip(given, torch.autograd.grad(loss, list(given.values()))))
result = {
    "hallucinator": {
        "images": flat(images),
        "loss": loss.item(),
        "gradients": {name: flat(slope) for name, slope in slopes.items()},
    }
}

TAU = 0.07
SAMPLES = 6
LABELS = [0, 0, 1, 1, 2, 2]


def contrast(z, labels):
    total = 0
    for i in range(len(z)):
        scores = {a: z[i] @ z[a] / TAU for a in range(len(z)) if a != i}
        below = torch.logsumexp(torch.stack(list(scores.values())), 0)
        positives = [p for p in scores if labels[p] == labels[i]]
        total = total - sum(scores[p] - below for p in positives) / len(positives) / len(z)
    return total


rows = values([2 * SAMPLES, 7], 31).requires_grad_()
unit = F.normalize(rows, dim=1)
loss = contrast(unit, LABELS * 2)
result["contrast"] = {"loss": loss.item(), "gradient": flat(torch.autograd.grad(loss, rows)[0])}

CASE = dict(n=0, input=[1, 8, 8], depth=2, width=8, activation="relu", normalisation="instance", pooling="avg")
params = parameters(CASE)


def embed(x):
    features = params[-2].shape[1]
    identity = [torch.eye(features, dtype=torch.float64), torch.zeros(features, dtype=torch.float64)]
    return forward(CASE, [*params[:-2], *identity], x)


views = [values([SAMPLES, 1, 8, 8], t).requires_grad_() for t in (33, 34)]
features = [F.normalize(embed(x), dim=1) for x in views]
cosines = (features[0] * features[1]).sum(1)
term = ((cosines + 1) / 2).mean()
result["term"] = {
    "loss": term.item(),
    "gradients": [flat(g) for g in torch.autograd.grad(term, views, retain_graph=True)],
}
labels = torch.tensor(LABELS * 2)
loss = (
    F.cross_entropy(forward(CASE, params, torch.cat(views)), labels)
    + 0.1 * ((1 - cosines) / 2).mean()
    + 0.1 * contrast(torch.cat(features), LABELS * 2)
)
result["extractor"] = {"loss": loss.item(), "gradients": [flat(g) for g in torch.autograd.grad(loss, params)]}
assert CLASSES == 3

path = pathlib.Path(__file__).with_suffix(".json")
rows = (f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in result.items())
path.write_text("{\n" + ",\n".join(rows) + "\n}\n")
