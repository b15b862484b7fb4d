"""Three steps of torch's SGD, Adam and AdamW on a tiny MLP in float64: writes optimizers.json beside this file.

MLP 6 -> 5 -> 5 -> 3 with ReLU; tensors as in formula.py, numbered in order; images are tensor 99.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F

from formula import flat, values

SHAPES = [(5, 6), (5, 5), (3, 5)]
CASES = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=5e-4),
    "plain sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=5e-4),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.05),
}


def run(make):
    params = []
    for k, shape in enumerate(SHAPES):
        scale = 1 / math.sqrt(shape[1])
        params += [values(shape, 2 * k, scale), values(shape[:1], 2 * k + 1, scale)]
    params = [p.requires_grad_() for p in params]
    x, labels = values([4, 6], 99), torch.arange(4) % 3
    optimizer, losses = make(params), []
    for _ in range(3):
        h = x
        for k in range(3):
            h = F.linear(h, params[2 * k], params[2 * k + 1])
            h = F.relu(h) if k < 2 else h
        loss = F.cross_entropy(h, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return dict(losses=losses, params=[flat(p) for p in params])


if __name__ == "__main__":
    out = {name: run(make) for name, make in CASES.items()}
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
