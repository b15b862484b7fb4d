"""Test loss and robust loss of the small MLP in float64 PyTorch: writes criterion.json beside this file.

Projected gradient ascent from zero, the largest loss met on the way, written from the algorithm's definition.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

from small_mlp import flat, logits, measure, parameters


def losses(params, x, labels):
    return F.cross_entropy(logits(params, x), labels, reduction="none")


def ascent(params, x, labels, epsilon, norm, steps):
    delta, worst = torch.zeros_like(x), losses(params, x, labels)
    for _ in range(steps):
        delta.requires_grad_()
        g = torch.autograd.grad(losses(params, x + delta, labels).sum(), delta)[0]
        move = g.sign() if norm == "linf" else g / g.norm(dim=1, keepdim=True)
        delta = delta.detach() + 2.5 * epsilon / steps * move
        if norm == "linf":
            delta = delta.clamp(-epsilon, epsilon)
        else:
            delta = delta * torch.clamp(epsilon / delta.norm(dim=1, keepdim=True), max=1)
        worst = torch.maximum(worst, losses(params, x + delta, labels))
    return worst


if __name__ == "__main__":
    params = parameters()
    x, labels, w = measure(7, 90)
    out = dict(losses=flat(losses(params, x, labels)), testLoss=(losses(params, x, labels) * w).sum().item())
    for norm, epsilon in (("linf", 0.2), ("l2", 0.5)):
        worst = ascent(params, x, labels, epsilon, norm, 7)
        out[norm] = dict(epsilon=epsilon, worst=flat(worst), mean=(worst * w).sum().item())
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
