"""Objective of layer-wise feature alignment (CAFE) and its gradient in S, in float64 PyTorch: writes objectives_layers.json.
Weights and images as in objectives.py.
"""

import json
import pathlib

import torch
import torch.nn.functional as F
from objectives import CASE, CLASSES, IPC, REAL, flat, params, real, values


def layers(x):
    """Activations of both blocks before pooling, and the last one after it."""
    out = []
    for k in range(2):
        w, b, scale, shift = params[4 * k : 4 * k + 4]
        x = F.relu(F.group_norm(F.conv2d(x, w, b, padding=1), CASE["width"], scale, shift))
        out.append(x)
        x = F.avg_pool2d(x, 2)
    return [*out, x]


def means(a, b):
    return ((a.mean(0) - b.mean(0)) ** 2).sum()


def cafe(s):
    """As the authors write it: f1 … weighted 0.1 but for the last, the pooled one, and the flattened one once more."""
    loss = 0.0
    for c in range(CLASSES):
        first, last, pooled = (means(a, b) for a, b in zip(layers(s[c]), layers(real[c])))
        loss = loss + 0.1 * first + last + pooled + pooled
    centres = torch.stack([layers(s[c])[-1].flatten(1).mean(0) for c in range(CLASSES)])
    logits = torch.cat([layers(real[c])[-1].flatten(1) for c in range(CLASSES)]) @ centres.T
    labels = torch.arange(CLASSES).repeat_interleave(REAL)
    return loss + 0.01 * F.cross_entropy(logits, labels, reduction="sum")


if __name__ == "__main__":
    s = values([CLASSES, IPC, 1, 8, 8], 91).requires_grad_()
    loss = cafe(s)
    (g,) = torch.autograd.grad(loss, [s])
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps({"cafe": dict(loss=loss.item(), gradient=flat(g))}, separators=(",", ":")) + "\n")
