"""Kernel ridge regression on a synthetic set and the gradient of its loss on real points, by torch in float64: writes ridge.json.

Kernels: the fully connected NTK of one hidden layer in closed form (KIP's, weights of deviation sqrt 2, biases 0.1), and the features
tanh(x W). Tensors are those of hypotheses/formula.py, rounded to float32: images of S 99, labels 98, real images 97, targets
96, W 95 (times 0.3); twins: the second half of S is the first plus tensor 94 times 0.1. Losses: half the mean square, and cross-entropy of exp(tau) h at tau = 0.2.
"""

import json
import math
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "hypotheses"))
from formula import flat, values

M, B, D, K, F = 12, 9, 20, 3, 7


def ntk(x, y):
    q = lambda a, b: 2 * (a * b).sum(-1) / D + 0.01
    qxy = q(x[:, None], y[None])
    qx, qy = q(x, x)[:, None], q(y, y)[None]
    cos = (qxy / (qx * qy).sqrt()).clamp(-1, 1)
    # Equal points: the angle is 0 and its derivative drops out of the sum of both sides.
    theta = torch.where(cos > 1 - 1e-12, torch.zeros_like(cos), torch.arccos(cos.clamp(-1, 1 - 1e-12)))
    k1 = (qx * qy).sqrt() / (2 * math.pi) * (theta.sin() + (math.pi - theta) * theta.cos())
    k0 = (math.pi - theta) / (2 * math.pi)
    return 2 * k1 + 0.01 + 2 * k0 * qxy


def by_features(x, y):
    w = values((D, F), 95, 0.3)
    return torch.tanh(x @ w) @ torch.tanh(y @ w).T


def run(kernel, ridge, scale, loss, twins):
    s, y = values((M, D), 99), values((M, K), 98).requires_grad_()
    if twins:
        s[M // 2 :] = s[: M // 2] + values((M // 2, D), 94, 0.1)
        s = s.float().double()
    s = s.requires_grad_()
    x, t = values((B, D), 97), values((B, K), 96)
    tau = torch.tensor(0.2, dtype=torch.float32).double().requires_grad_()
    k = kernel(s, s)
    lam = ridge * (k.trace() / M if scale == "trace" else 1)
    alpha = torch.linalg.solve(k + lam * torch.eye(M, dtype=torch.float64), y)
    h = kernel(x, s) @ alpha
    value = 0.5 * ((h - t) ** 2).mean() if loss == "square" else -(t * (tau.exp() * h).log_softmax(1)).sum(1).mean()
    ds, dy, dtau = torch.autograd.grad(value, [s, y, tau], allow_unused=True)
    return dict(
        loss=value.item(), predictions=flat(h), images=flat(ds), labels=flat(dy), tau=dtau.item() if dtau is not None else 0.0,
        condition=torch.linalg.cond(k + lam * torch.eye(M, dtype=torch.float64)).item(),
    )


CASES = [
    dict(name="NTK, trace-scaled ridge", kernel="ntk", ridge=1e-3, scale="trace", loss="square"),
    dict(name="NTK, absolute ridge, cross-entropy", kernel="ntk", ridge=0.05, scale="absolute", loss="entropy"),
    dict(name="NTK, pairs of almost equal points", kernel="ntk", ridge=1e-6, scale="trace", loss="square", twins=True),
    dict(name="features, trace-scaled ridge", kernel="features", ridge=1e-2, scale="trace", loss="square"),
    dict(name="features, absolute ridge, cross-entropy", kernel="features", ridge=0.1, scale="absolute", loss="entropy"),
]
KERNELS = dict(ntk=ntk, features=by_features)

if __name__ == "__main__":
    out = [dict(case=c, **run(KERNELS[c["kernel"]], c["ridge"], c["scale"], c["loss"], c.get("twins", False))) for c in CASES]
    text = "[\n" + ",\n".join(json.dumps(r, separators=(",", ":")) for r in out) + "\n]\n"
    pathlib.Path(__file__).with_suffix(".json").write_text(text)
