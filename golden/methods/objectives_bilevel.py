"""Outer losses of bilevel methods and their gradients in all that is learned, by torch through every step in float64: writes
objectives_bilevel.json.

Three classes of 1x8x8 images under a ConvNet of depth 2 and width 8 with the golden scripts' weights (see
golden/hypotheses/formula.py). T: 4 images a class, bytes floor(128 + 100 sin) of tensor 90, mean 0.3 and std 0.4; S: tensor 91,
two images a class. An expert's goal is 0.02 values(200 + k) away from the weights, k counting parameters.
"""

import json
import math
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "hypotheses"))
from convnet import CLASSES, forward, parameters  # noqa: E402
from formula import flat, values  # noqa: E402

IPC, REAL = 2, 4
NET = dict(n=0, input=[1, 8, 8], depth=2, width=8, activation="swish", pooling="avg")
i = torch.arange(CLASSES * REAL * 64, dtype=torch.float64)
BYTES = torch.floor(128 + 100 * torch.sin(0.9 * i + 2.7 * 90 + 0.013 * i * i))
real = ((BYTES / 255 - 0.3) / 0.4).reshape(CLASSES * REAL, 1, 8, 8)
real_labels = torch.eye(CLASSES, dtype=torch.float64).repeat_interleave(REAL, 0)
one_hot = torch.eye(CLASSES, dtype=torch.float64).repeat_interleave(IPC, 0)


def cross_entropy(logits, labels):
    return -(labels * logits.log_softmax(1)).sum(1).mean()


def net(normalisation):
    case = dict(NET, normalisation=normalisation)
    return [p.detach().requires_grad_() for p in parameters(case)], lambda theta, x: forward(case, theta, x)


def rows(step, each):
    return [c * IPC + (step * each + j) % IPC for c in range(CLASSES) for j in range(each)]


def bptt(soft):
    """Four steps on one image a class in turn, a softplus rate for each; with `soft`, labels through a softmax as well."""
    theta, h = net("instance")
    x = values([CLASSES * IPC, 1, 8, 8], 91).requires_grad_()
    y = one_hot.clone().requires_grad_()
    raw = torch.full([4], math.log(math.expm1(0.1)), dtype=torch.float64, requires_grad=True)
    for t in range(4):
        own = rows(t, 1)
        loss = cross_entropy(h(theta, x[own]), y[own].softmax(1) if soft else y[own])
        g = torch.autograd.grad(loss, theta, create_graph=True)
        theta = [p - torch.nn.functional.softplus(raw[t]) * d for p, d in zip(theta, g)]
    return cross_entropy(h(theta, real), real_labels), dict(images=x, rates=raw, **(dict(labels=y) if soft else {}))


def rat():
    """Four steps of Adam on all of S; the first two only move the starting point."""
    theta, h = net("none")
    x = values([CLASSES * IPC, 1, 8, 8], 91).requires_grad_()
    first, second = [torch.zeros_like(p) for p in theta], [torch.zeros_like(p) for p in theta]
    for t in range(4):
        if t == 2:
            first, second = [m.detach() for m in first], [v.detach() for v in second]
            theta = [p.detach().requires_grad_() for p in theta]
        g = torch.autograd.grad(cross_entropy(h(theta, x), one_hot), theta, create_graph=True)
        first = [0.9 * m + 0.1 * d for m, d in zip(first, g)]
        second = [0.999 * v + 0.001 * d * d for v, d in zip(second, g)]
        c1, c2 = 1 - 0.9 ** (t + 1), 1 - 0.999 ** (t + 1)
        theta = [p - 0.003 * (m / c1) / ((v / c2 + 1e-12).sqrt() + 1e-8) for p, m, v in zip(theta, first, second)]
    return cross_entropy(h(theta, real), real_labels), dict(images=x)


def mtt(detached):
    """Four steps on all of S with one learned rate, towards an expert's goal."""
    start, h = net("instance")
    goal = [p.detach() + 0.02 * values(p.shape, 200 + k) for k, p in enumerate(start)]
    x = values([CLASSES * IPC, 1, 8, 8], 91).requires_grad_()
    rate = torch.tensor([0.05], dtype=torch.float64, requires_grad=True)
    theta, moved = start, [torch.zeros_like(p) for p in start]
    for _ in range(4):
        at = [p.detach().requires_grad_() for p in theta] if detached else theta
        g = torch.autograd.grad(cross_entropy(h(at, x), one_hot), at, create_graph=True)
        moved = [m + rate * d for m, d in zip(moved, g)]
        theta = [p - rate * d for p, d in zip(theta, g)]
    end = [p - m for p, m in zip(start, moved)] if detached else theta
    square = sum(((a - b) ** 2).sum() for a, b in zip(end, goal))
    return square / sum(((a - b) ** 2).sum() for a, b in zip(start, goal)), dict(images=x, rates=rate)


CASES = {
    "bptt": lambda: bptt(False),
    "bptt-labels": lambda: bptt(True),
    "rat-bptt": rat,
    "mtt": lambda: mtt(False),
    "mtt-detached": lambda: mtt(True),
}

if __name__ == "__main__":
    out = {}
    for name, case in CASES.items():
        loss, learned = case()
        of = torch.autograd.grad(loss, list(learned.values()))
        out[name] = dict(loss=loss.item(), gradient={k: flat(g) for k, g in zip(learned, of)})
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in out.items()) + "\n}\n")
