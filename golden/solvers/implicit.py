"""Logistic regression with weight decay: its minimiser by Newton's method and the derivative of <c, theta*> with respect to the
synthetic set by the implicit function theorem with a dense Hessian, torch in float64: writes implicit.json.

Tensors are those of hypotheses/formula.py: images [6, 5] 99, labels [6, 3] 98 (0.5 + 0.4 sin), c: weight [3, 5] 200, bias [3] 201.
"""

import json
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "hypotheses"))
from formula import flat, values

DECAY = 0.1


def loss(theta, x, y):
    weight, bias = theta[:15].view(3, 5), theta[15:]
    return -(y * (x @ weight.T + bias).log_softmax(1)).sum(1).mean() + DECAY / 2 * (theta * theta).sum()


if __name__ == "__main__":
    x, y = values([6, 5], 99).requires_grad_(), values([6, 3], 98, 0.4, 0.5).requires_grad_()
    c = torch.cat([values([3, 5], 200).reshape(-1), values([3], 201)])
    theta = torch.zeros(18, dtype=torch.float64)
    for _ in range(30):
        g = torch.func.grad(loss)(theta, x.detach(), y.detach())
        theta = theta - torch.linalg.solve(torch.func.hessian(loss)(theta, x.detach(), y.detach()), g)
    v = torch.linalg.solve(torch.func.hessian(loss)(theta, x.detach(), y.detach()), c)
    leaf = theta.clone().requires_grad_()
    (g,) = torch.autograd.grad(loss(leaf, x, y), leaf, create_graph=True)
    dx, dy = torch.autograd.grad(-(g * v).sum(), [x, y])
    out = dict(weightDecay=DECAY, theta=flat(theta), inverse=flat(v), images=flat(dx), labels=flat(dy))
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
