"""Unrolled training on a tiny synthetic set, differentiated through every step by torch in float64: writes unroll.json.

The value is <c, theta_T>; its derivatives are those with respect to images, labels, the learning rate of each step, and theta_0.
Step t sees rows (t + 2 j) mod 5 of the set, j < 4, with the images times 1 + 0.1 sin t; its rate is rate (1 + 0.2 sin t).
Adam is differentiated without normalisation: a bias before one has zero gradient, and the derivative of its first step,
1 / (|g| + eps) of rounding errors, would swamp the rest. Tensors are those of hypotheses/formula.py: images 99, labels 98 (0.5 + 0.4 sin), c starts at 200.
"""

import json
import math
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "hypotheses"))
from convnet import forward, parameters
from formula import flat, values

NET = dict(input=[1, 8, 8], depth=2, width=4, pooling="avg")
CASES = [
    dict(name="sgd", optimizer="sgd", momentum=0.0, weightDecay=0.0, rate=0.1, activation="relu", normalisation="instance"),
    dict(name="sgd, weight decay", optimizer="sgd", momentum=0.0, weightDecay=0.01, rate=0.1, activation="swish", normalisation="instance"),
    dict(name="momentum", optimizer="sgd", momentum=0.9, weightDecay=5e-4, rate=0.02, activation="swish", normalisation="instance"),
    dict(name="adam", optimizer="adam", momentum=0.9, weightDecay=5e-4, rate=0.003, activation="swish", normalisation="none"),
]
STEPS = [1, 5, 20]


def sgd(theta, gradient, state, rate, t, case):
    velocity = state or [torch.zeros_like(p) for p in theta]
    velocity = [case["momentum"] * v + g + case["weightDecay"] * p for v, g, p in zip(velocity, gradient, theta)]
    return [p - rate * v for p, v in zip(theta, velocity)], velocity


def adam(theta, gradient, state, rate, t, case):
    first, second = state or ([torch.zeros_like(p) for p in theta], [torch.zeros_like(p) for p in theta])
    gradient = [g + case["weightDecay"] * p for g, p in zip(gradient, theta)]
    first = [0.9 * m + 0.1 * g for m, g in zip(first, gradient)]
    second = [0.999 * v + 0.001 * g * g for v, g in zip(second, gradient)]
    c1, c2 = 1 - 0.9 ** (t + 1), 1 - 0.999 ** (t + 1)
    moved = [p - rate * (m / c1) / ((v / c2 + 1e-12).sqrt() + 1e-8) for p, m, v in zip(theta, first, second)]
    return moved, (first, second)


def run(case, steps):
    start = parameters(dict(case, **NET))
    images = values([5, *NET["input"]], 99).requires_grad_()
    labels = values([5, 3], 98, 0.4, 0.5).requires_grad_()
    rates = torch.tensor([case["rate"] * (1 + 0.2 * math.sin(t)) for t in range(steps)], requires_grad=True, dtype=torch.float64)
    theta, state = start, None
    for t in range(steps):
        rows = [(t + 2 * j) % 5 for j in range(4)]
        gain = torch.tensor(1 + 0.1 * math.sin(t), dtype=torch.float32).double()
        logits = forward(dict(case, **NET), theta, images[rows] * gain)
        loss = -(labels[rows] * logits.log_softmax(1)).sum(1).mean()
        gradient = torch.autograd.grad(loss, theta, create_graph=True)
        theta, state = (adam if case["optimizer"] == "adam" else sgd)(theta, gradient, state, rates[t], t, case)
    value = sum((p * values(p.shape, 200 + k)).sum() for k, p in enumerate(theta))
    dx, dy, dr, *d0 = torch.autograd.grad(value, [images, labels, rates, *start])
    return dict(
        steps=steps,
        final=[v for p in theta for v in flat(p)],
        images=flat(dx),
        labels=flat(dy),
        rates=flat(dr),
        start=[v for p in d0 for v in flat(p)],
    )


if __name__ == "__main__":
    out = [dict(case=case, runs=[run(case, steps) for steps in STEPS]) for case in CASES]
    text = "[\n" + ",\n".join(json.dumps(r, separators=(",", ":")) for r in out) + "\n]\n"
    pathlib.Path(__file__).with_suffix(".json").write_text(text)
