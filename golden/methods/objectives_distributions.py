"""Objectives that compare whole distributions of embeddings, and their gradients in S, in float64 PyTorch: writes
objectives_distributions.json. Weights and images as in objectives.py; the formulas are written out pair by pair.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F
from objectives import CASE, CLASSES, IPC, classwise, embed, flat, formed, forward, params, values

FREQUENCIES, SIGMA = 6, 1.5
TEMPERATURE, EPSILON = 0.2, 0.1


def squares(x, y):
    return ((x[:, None] - y[None]) ** 2).sum(-1)


def mmd(s, t, kernel):
    """Biased MMD^2; bandwidths from all pairs of the joined set, without gradient."""
    k = kernel(torch.cat([s, t]).detach())
    return k(s, s).mean() - 2 * k(s, t).mean() + k(t, t).mean()


def gaussian(joined):
    n = len(joined)
    b = squares(joined, joined).sum() / (n * n - n)
    return lambda x, y: sum(torch.exp(-squares(x, y) / (b * 2.0**j)) for j in range(-2, 3))


def laplacian(joined):
    n = len(joined)
    b = torch.cdist(joined, joined).sum() / (n * n - n)
    # The root has no derivative at the diagonal's zeros.
    distance = lambda x, y: torch.where(squares(x, y) > 0, squares(x, y), 1.0).sqrt() * (squares(x, y) > 0)  # noqa: E731
    return lambda x, y: sum(torch.exp(-distance(x, y) / (b * 2.0**j)) for j in range(-2, 3))


def polynomial(_joined):
    return lambda x, y: (x @ y.T + 1) ** 2


def characteristic(s, t):
    """Mean squared modulus of the difference of characteristic functions, by complex exponentials."""
    k = s.shape[1]
    frequencies = values([FREQUENCIES, k], 93, SIGMA / math.sqrt(k))
    f = lambda x: torch.exp(1j * (x @ frequencies.T)).mean(0)  # noqa: E731
    return k / SIGMA**2 * ((f(s) - f(t)).abs() ** 2).mean()


def entropic(x, y, epsilon):
    """OT_eps by Sinkhorn to convergence, as <C, P> + eps KL(P | ab); the plan of the last iteration is a constant."""
    cost = squares(x, y)
    a, b = -math.log(len(x)), -math.log(len(y))
    f, g = torch.zeros(len(x), dtype=torch.float64), torch.zeros(len(y), dtype=torch.float64)
    with torch.no_grad():
        for _ in range(5000):
            f = -epsilon * torch.logsumexp(b + (g - cost) / epsilon, 1)
            g = -epsilon * torch.logsumexp(a + (f[:, None] - cost) / epsilon, 0)
        plan = torch.exp(a + b + (f[:, None] + g - cost) / epsilon)
    kl = (plan * (torch.log(plan) - a - b)).sum()
    return (plan * cost).sum() + epsilon * kl


def sinkhorn(s, t):
    epsilon = EPSILON * squares(t, t).mean()
    return entropic(s, t, epsilon) - (entropic(s, s, epsilon) + entropic(t, t, epsilon)) / 2


def hausdorff(s, t):
    tau = TEMPERATURE * squares(t, t).mean().sqrt()
    most = lambda v, axis: tau * torch.logsumexp(v / tau, axis)  # noqa: E731
    distance = squares(s, t).sqrt()
    directed = [most(-most(-distance, axis), 0) for axis in (0, 1)]
    return most(torch.stack(directed), 0)


def activations(x):
    """Outputs of the two activations, before pooling."""
    out, left = [], iter(params)
    for _ in range(CASE["depth"]):
        x = F.conv2d(x, next(left), next(left), padding=1)
        x = F.relu(F.group_norm(x, CASE["width"], next(left), next(left)))
        out.append(x)
        x = F.avg_pool2d(x, 2)
    return out


def wmdd(s, t, c):
    """Distance to given atoms, cross-entropy, and channel statistics as batch normalisation takes them."""
    atoms = values([CLASSES, IPC, embed(s).shape[1]], 94)[c]
    total = (embed(s) - atoms).norm() + F.cross_entropy(forward(CASE, params, s), torch.full([len(s)], c))
    for a, b in zip(activations(s), activations(t)):
        for statistic in (lambda v: v.mean((0, 2, 3)), lambda v: v.var((0, 2, 3), correction=0)):
            total = total + 0.01 * (statistic(a) - statistic(b).detach()).norm()
    return total


def embedded(distance, form=lambda s: s):
    return classwise(lambda s, t, c: distance(embed(form(s)), embed(t).detach()))


OBJECTIVES = {
    "m3d": embedded(lambda s, t: mmd(s, t, gaussian), formed),
    "mmd-laplacian": embedded(lambda s, t: mmd(s, t, laplacian)),
    "mmd-polynomial": embedded(lambda s, t: mmd(s, t, polynomial)),
    "mmd-linear": embedded(lambda s, t: mmd(s, t, lambda _: lambda x, y: x @ y.T)),
    "cfm": embedded(characteristic),
    "sinkhorn": embedded(sinkhorn),
    "mfc-learned": embedded(hausdorff),
    "wmdd": classwise(wmdd),
}

if __name__ == "__main__":
    out = {}
    for name, objective in OBJECTIVES.items():
        scale, offset = (0.4, 0.5) if name == "m3d" else (1.0, 0.0)
        s = values([CLASSES, IPC, 1, 8, 8], 91, scale, offset).requires_grad_()
        loss = objective(s)
        out[name] = dict(loss=loss.item(), gradient=flat(torch.autograd.grad(loss, s)[0]))
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in out.items()) + "\n}\n")
