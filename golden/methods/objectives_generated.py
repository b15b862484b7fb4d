"""Matching losses of DiM on given images and their gradients in S, in float64 PyTorch: writes objectives_generated.json. Weights and
images as in objectives.py. Images of S stand for what a generator makes; the first of a class are paired with the first real ones of it.
"""

import json
import pathlib

import torch
import torch.nn.functional as F
from objectives import CASE, CLASSES, IPC, flat, forward, params, real, values


def logits(s):
    """0.01 · the mean over pairs and classes of squared differences of log-probabilities: authors' option `logit`."""
    total = 0.0
    for c in range(CLASSES):
        for i in range(IPC):
            a, b = (F.log_softmax(forward(CASE, params, x[i : i + 1])[0], 0) for x in (real[c], s[c]))
            total = total + sum((a[k] - b[k]) ** 2 for k in range(CLASSES))
    return 0.01 * total / (CLASSES * IPC * CLASSES)


def features(s):
    """0.001 · the sum over layers of absolute differences of class means: authors' option `feat`."""
    total = 0.0
    for c in range(CLASSES):
        a, b = real[c], s[c]
        for k in range(2):
            w, bias, scale, shift = params[4 * k : 4 * k + 4]
            a, b = (F.relu(F.group_norm(F.conv2d(x, w, bias, padding=1), CASE["width"], scale, shift)) for x in (a, b))
            total = total + (a.mean(0) - b.mean(0)).abs().sum()
            a, b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)
    return 0.001 * total


def layers(s):
    """Zhang et al. (2023): squared differences of class means, layer by layer, unweighted."""
    total = 0.0
    for c in range(CLASSES):
        a, b = real[c], s[c]
        for k in range(2):
            w, bias, scale, shift = params[4 * k : 4 * k + 4]
            a, b = (F.relu(F.group_norm(F.conv2d(x, w, bias, padding=1), CASE["width"], scale, shift)) for x in (a, b))
            total = total + ((a.mean(0) - b.mean(0)) ** 2).sum()
            a, b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)
    return total


if __name__ == "__main__":
    out = {}
    for name, objective in {"logits": logits, "features": features, "layers": layers}.items():
        s = values([CLASSES, IPC, 1, 8, 8], 91).requires_grad_()
        loss = objective(s)
        (g,) = torch.autograd.grad(loss, [s])
        out[name] = dict(loss=loss.item(), gradient=flat(g))
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
