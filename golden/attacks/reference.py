"""Golden values of attacks on inputs, in float64: small.json and digits.json.

    python3 reference.py AUTO_ATTACK

AUTO_ATTACK is a checkout of github.com/fra31/auto-attack (commit a392200). FGSM, PGD and DeepFool are torchattacks 3.5.1
(pip install --no-deps torchattacks), APGD, FAB and Square auto-attack, CW is written out here: torchattacks' masked maximum sees
zeros among the logits, and its end depends on the whole batch. Digits are scikit-learn's, the classifier is trained here.
"""

import base64
import json
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

here = pathlib.Path(__file__).parent
sys.path.insert(0, sys.argv[1])
sys.path.insert(0, str(here.parent / "hypotheses"))
from formula import flat, values  # noqa: E402

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
# Both libraries cast to float32 here and there.
torch.Tensor.float = torch.Tensor.double

import torchattacks  # noqa: E402
from autoattack.autopgd_base import APGDAttack, APGDAttack_targeted  # noqa: E402
from autoattack.fab_pt import FABAttack_PT  # noqa: E402
from autoattack.square import SquareAttack  # noqa: E402


class Net(torch.nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = torch.nn.ParameterList([torch.nn.Parameter(t) for layer in layers for t in layer])

    def forward(self, x):
        h = x.reshape(x.shape[0], -1)
        last = len(self.layers) // 2 - 1
        for k in range(last + 1):
            h = F.linear(h, self.layers[2 * k], self.layers[2 * k + 1])
            h = F.relu(h) if k < last else h
        return h


def dlr(z, y, t=None):
    s = z.sort(dim=1)[0]
    u = torch.arange(len(z))
    if t is not None:
        return -(z[u, y] - z[u, t]) / (s[:, -1] - 0.5 * (s[:, -3] + s[:, -4]) + 1e-12)
    masked = z.clone()
    masked[u, y] = -math.inf
    return -(z[u, y] - masked.max(1)[0]) / (s[:, -1] - s[:, -3] + 1e-12)


def norms(a, b, norm):
    d = (a - b).reshape(len(a), -1)
    return d.abs().max(1)[0] if norm == "Linf" else (d**2).sum(1).sqrt()


def apgd(net, x, y, norm, eps, steps, loss):
    kind = APGDAttack_targeted if loss == "dlr-targeted" else APGDAttack
    own = {} if loss == "dlr-targeted" else {"loss": loss}
    attack = kind(net, n_iter=steps, norm=norm, eps=eps, **own)
    attack.init_hyperparam(x)
    if loss == "dlr-targeted":
        attack.y_target = net(x).sort(dim=1)[1][:, -2]
    _, right, best, _ = attack.attack_single_run(x, y, x_init=x)
    return best, right


def fab(net, x, y, norm, steps, target):
    attack = FABAttack_PT(net, norm=norm, n_iter=steps, eps=1.0, device="cpu")
    attack.target_class = target
    adv = attack.attack_single_run(x, y, use_rand_start=False, is_targeted=True)
    d = norms(adv, x, norm)
    return torch.where(net(adv).argmax(1) != y, d, torch.full_like(d, math.inf))


def cw(net, x, y, c, steps, rate=0.01):
    w = torch.atanh((2 * x - 1) * 0.999999).detach().requires_grad_()
    adam = torch.optim.Adam([w], lr=rate)
    best = torch.full((len(x),), math.inf)
    u = torch.arange(len(x))
    for _ in range(steps):
        adv = 0.5 * (torch.tanh(w) + 1)
        z = net(adv)
        masked = z.clone()
        masked[u, y] = -math.inf
        margin = z[u, y] - masked.max(1)[0]
        d2 = ((adv - x) ** 2).reshape(len(x), -1).sum(1)
        fooled = (z.argmax(1) != y) & (d2 < best)
        best = torch.where(fooled, d2.detach(), best)
        cost = (d2 + c * margin.clamp(min=0)).sum()
        adam.zero_grad()
        cost.backward()
        adam.step()
    return best.sqrt()


class Recorded(SquareAttack):
    """Keeps what is drawn, in order."""

    def attack_single_run(self, x, y):
        self.record = []
        rand = torch.rand

        def kept(*shape):
            t = rand(*shape)
            self.record.append(["turned", bool(t.item() > 0.5)])
            return t

        def eta(s):
            torch.rand = kept
            try:
                return SquareAttack.eta(self, s)
            finally:
                torch.rand = rand

        self.eta = eta
        return super().attack_single_run(x, y)

    def random_choice(self, shape):
        t = super().random_choice(shape)
        self.record.append(["signs", (t.reshape(-1) > 0).int().tolist()])
        return t

    def random_int(self, low=0, high=1, shape=[1]):
        t = super().random_int(low, high, shape)
        self.record.append(["below", int(t.item())])
        return t


def square(net, x, y, norm, eps, queries, seed):
    attack = Recorded(net, norm=norm, n_queries=queries, eps=eps, resc_schedule=False, device="cpu")
    attack.init_hyperparam(x)
    torch.manual_seed(seed)
    _, adv = attack.attack_single_run(x, y)
    z = net(adv).detach()
    u = torch.arange(len(x))
    masked = z.clone()
    masked[u, y] = -math.inf
    return {"draws": attack.record, "margin": flat(z[u, y] - masked.max(1)[0])}


def finite(t):
    return [v if math.isfinite(v) else None for v in flat(t)]


def write(name, content):
    (here / name).write_text(json.dumps(content, separators=(",", ":")) + "\n")


def small():
    shapes = [(8, 9), (8, 8), (5, 8)]
    layers = []
    for k, shape in enumerate(shapes):
        scale = 2 / math.sqrt(shape[1])
        layers.append((values(shape, 4 + 2 * k, scale), values(shape[:1], 5 + 2 * k, 0.2 * scale)))
    net = Net(layers)
    x = values([8, 1, 3, 3], 90, 0.45, 0.5)
    y = net(x).argmax(1)
    u = torch.arange(8)
    ce = lambda a: F.cross_entropy(net(a), y, reduction="none")  # noqa: E731
    z = net(x)
    second = z.sort(dim=1)[1][:, -2]
    out = {"labels": y.tolist(), "clean": flat(ce(x)), "dlr": flat(dlr(z, y)), "targeted": flat(dlr(z, y, second))}
    out["fgsm"] = flat(ce(torchattacks.FGSM(net, eps=0.1)(x, y)))
    out["pgd"] = flat(ce(torchattacks.PGD(net, eps=0.1, alpha=0.025, steps=10, random_start=False)(x, y)))
    out["pgdL2"] = flat(ce(torchattacks.PGDL2(net, eps=0.3, alpha=0.075, steps=10, random_start=False)(x, y)))
    for name, norm, eps, loss in [
        ("apgdCe", "Linf", 0.05, "ce"),
        ("apgdDlr", "Linf", 0.05, "dlr"),
        ("apgdTargetedL2", "L2", 0.15, "dlr-targeted"),
    ]:
        best, right = apgd(net, x, y, norm, eps, 20, loss)
        out[name] = {"loss": flat(best), "right": right.int().tolist()}
    out["deepfool"] = flat(norms(torchattacks.DeepFool(net, steps=50, overshoot=0.02)(x, y), x, "L2"))
    out["fabLinf"] = finite(fab(net, x, y, "Linf", 20, 2))
    out["fabL2"] = finite(fab(net, x, y, "L2", 20, 2))
    out["cw"] = finite(cw(net, x, y, 10, 100))
    write("small.json", out)


def digits():
    from sklearn.datasets import load_digits

    data = load_digits()
    order = np.random.RandomState(0).permutation(len(data.target))
    images = data.images[order].astype(np.uint8)
    labels = torch.tensor(data.target[order])
    x = torch.tensor(images.astype(np.float64) / 16).reshape(-1, 1, 8, 8)
    torch.manual_seed(0)
    sizes = [64, 16, 10]
    layers = [
        (torch.randn(n, m) * math.sqrt(2 / m), torch.zeros(n)) for m, n in zip(sizes[:-1], sizes[1:], strict=True)
    ]
    net = Net(layers)
    adam = torch.optim.Adam(net.parameters(), lr=0.01)
    train = slice(500, None)
    for _ in range(150):
        adam.zero_grad()
        F.cross_entropy(net(x[train]), labels[train]).backward()
        adam.step()
    weights = torch.cat([p.detach().reshape(-1) for p in net.layers]).numpy().astype(np.float32)
    with torch.no_grad():
        at = 0
        for p in net.layers:
            p.copy_(torch.tensor(weights[at : at + p.numel()].astype(np.float64)).reshape(p.shape))
            at += p.numel()
    z = net(x[:500])
    right = (z.argmax(1) == labels[:500]).nonzero().squeeze()
    out = {
        "sizes": sizes,
        "weights": base64.b64encode(weights.tobytes()).decode(),
        "images": base64.b64encode(images[:500].tobytes()).decode(),
        "labels": labels[:500].tolist(),
        "right": len(right),
    }
    own, y = x[right], labels[right]
    rounded = lambda t: [round(v, 7) for v in t.detach().tolist()]  # noqa: E731
    for name, norm, eps, loss in [("apgdCe", "Linf", 0.1, "ce"), ("apgdDlrL2", "L2", 0.5, "dlr")]:
        best, kept = apgd(net, own, y, norm, eps, 30, loss)
        out[name] = {"loss": rounded(best), "right": "".join(str(v) for v in kept.int().tolist())}
    for name, norm in [("fabLinf", "Linf"), ("fabL2", "L2")]:
        d = fab(net, own, y, norm, 10, 2)
        out[name] = [round(v, 7) if math.isfinite(v) else None for v in d.tolist()]
    few = slice(0, 12)
    out["squareLinf"] = square(net, own[few], y[few], "Linf", 0.15, 60, 1)
    out["squareL2"] = square(net, own[few], y[few], "L2", 1.0, 60, 2)
    write("digits.json", out)


if __name__ == "__main__":
    small()
    digits()
