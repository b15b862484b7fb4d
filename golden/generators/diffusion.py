"""Schedules, losses and samplings of latent diffusion in float64 by PyTorch: writes diffusion.json beside this file.

Arrays are those of ../hypotheses/formula.py. Formulas from the papers: Ho et al. 2020 (linear schedule, loss, ancestral step), Nichol and
Dhariwal 2021 (cosine), Rombach et al. 2022 (scaled linear), Song et al. 2021 (DDIM), Ho and Salimans 2022 (guidance), Moser et al. 2024
(skip), Wu and He 2018 (group norm), Vaswani et al. 2017 (attention), Shazeer 2020 (GEGLU), Peebles and Xie 2023 (adaLN-zero).
"""

import json
import math
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "hypotheses"))
from formula import flat, values  # noqa: E402

T = 1000


def shares(name, times=T):
    if name == "linear":
        beta = torch.linspace(1e-4, 0.02, times, dtype=torch.float64)
    elif name == "scaled-linear":
        beta = torch.linspace(0.0015**0.5, 0.0195**0.5, times, dtype=torch.float64) ** 2
    else:
        bar = lambda u: math.cos((u + 0.008) / 1.008 * math.pi / 2) ** 2  # noqa: E731
        beta = torch.tensor(
            [min(1 - bar((t + 1) / times) / bar(t / times), 0.999) for t in range(times)], dtype=torch.float64
        )
    return torch.cumprod(1 - beta, 0)


class Model(torch.nn.Module):
    """A noise model small enough to write down: tanh(A z + b t/1000 + C y), rows of z flattened."""

    def __init__(self, d, e):
        super().__init__()
        self.a, self.b, self.c = values([d, d], 1, 0.4), values([d], 2, 0.5), values([d, e], 3, 0.6)

    def forward(self, z, t, y):
        return torch.tanh(z @ self.a.T + self.b * (t / 1000) + y @ self.c.T)


n, d, e = 3, 4, 2
model = Model(d, e)
bar = shares("linear")


def ddim_times(steps):
    return [1 + k * (T // steps) for k in range(steps)]


def schedule_values():
    return {
        name: {str(t): float(shares(name)[t]) for t in (0, 499, 999)} for name in ("linear", "scaled-linear", "cosine")
    } | {"times": ddim_times(10)}


def loss_values():
    """The loss of a batch under drawn times, its gradient in the latents, and the estimates of them."""
    z0, eps = values([n, d], 10), values([n, d], 11)
    t = torch.tensor([3, 500, 990])
    y, none = values([n, e], 12), values([e], 13)
    shown = torch.tensor([1.0, 0.0, 1.0], dtype=torch.float64)[:, None]
    z0.requires_grad_(True)
    a = bar[t][:, None]
    zt = a.sqrt() * z0 + (1 - a).sqrt() * eps
    found = model(zt, t[:, None].double(), y * shown + none * (1 - shown))
    loss = F.mse_loss(found, eps)
    loss.backward()
    estimate = (zt - (1 - a).sqrt() * found) / a.sqrt()
    return {"loss": loss.item(), "gradient": flat(z0.grad), "estimates": flat(estimate)}


def step_values():
    """One step from time 501 to 401 in both ways, guided by 2."""
    z = values([n, d], 20)
    y, none, draw = values([n, e], 21), values([e], 22).expand(n, e), values([n, d], 23)
    t, before = 501, 401
    c, u = model(z, t, y), model(z, t, none)
    eps = u + 2 * (c - u)
    a, b = bar[t], bar[before]
    clean = (z - (1 - a).sqrt() * eps) / a.sqrt()
    ddim = b.sqrt() * clean + (1 - b).sqrt() * eps
    alpha = a / b
    beta = 1 - alpha
    ddpm = (z - beta / (1 - a).sqrt() * eps) / alpha.sqrt() + (beta * (1 - b) / (1 - a)).sqrt() * draw
    return {"guided": flat(eps), "clean": flat(clean), "ddim": flat(ddim), "ddpm": flat(ddpm)}


def sampling_values(skip):
    """Three steps of DDIM from a noised start, and the gradient of a weighted sum of what they come to in start and condition."""
    z, y = values([n, d], 30).requires_grad_(True), values([n, e], 31).requires_grad_(True)
    eps, weight = values([n, d], 32), values([n, d], 33)
    times = ddim_times(3)
    x = bar[times[-1]].sqrt() * z + (1 - bar[times[-1]]).sqrt() * eps
    first = None
    for i, t in reversed(list(enumerate(times))):
        found = model(x, t, y)
        a = bar[t]
        b = bar[times[i - 1]] if i > 0 else bar[0]
        clean = (x - (1 - a).sqrt() * found) / a.sqrt()
        if skip:
            w = i / (len(times) - 1)
            clean = (1 - w) * clean + w * z
        first = clean if first is None else first
        x = b.sqrt() * clean + (1 - b).sqrt() * found
    (x * weight).sum().backward()
    return {
        "result": flat(x),
        "first": flat(first),
        "gradient": {"z": flat(z.grad), "condition": flat(y.grad)},
    }


def layer_values():
    """Group normalisation in 32 groups under 1e-6, attention in two heads, GEGLU, and a block of adaLN-zero, each with its gradient in x."""
    out = {}
    x = values([2, 64, 2, 2], 40).requires_grad_(True)
    y = F.group_norm(x, 32, 1 + values([64], 41, 0.2), values([64], 42, 0.1), 1e-6)
    (y * values([2, 64, 2, 2], 43)).sum().backward()
    out["groupNorm"] = {"result": flat(y), "gradient": flat(x.grad)}
    q, k, v = (values([2, 3, 4], t).requires_grad_(True) for t in (44, 45, 46))
    heads = lambda a: a.reshape(2, 3, 2, 2).transpose(1, 2)  # noqa: E731
    y = F.scaled_dot_product_attention(heads(q), heads(k), heads(v)).transpose(1, 2).reshape(2, 3, 4)
    (y * values([2, 3, 4], 47)).sum().backward()
    out["attention"] = {"result": flat(y), "gradient": [flat(a.grad) for a in (q, k, v)]}
    x = values([2, 3, 4], 48).requires_grad_(True)
    a, gate = F.linear(x, values([10, 4], 49, 0.5), values([10], 50, 0.5)).chunk(2, -1)
    y = F.linear(a * F.gelu(gate), values([4, 5], 51, 0.5), values([4], 52, 0.5))
    (y * values([2, 3, 4], 53)).sum().backward()
    out["geglu"] = {"result": flat(y), "gradient": flat(x.grad)}
    return out


def block_values():
    """A transformer block whose norms are scaled, shifted and gated by a condition: adaLN-zero, two heads, tanh-GELU."""
    width, heads = 4, 2
    x, c = values([2, 3, width], 60).requires_grad_(True), values([2, 5], 61).requires_grad_(True)
    lin = lambda name, o, i: (values([o, i], name, 0.5), values([o], name + 1, 0.5))  # noqa: E731
    parts = F.linear(F.silu(c), *lin(62, 6 * width, 5)).chunk(6, 1)
    norm = lambda a: F.layer_norm(a, [width], eps=1e-6)  # noqa: E731
    modulated = lambda a, shift, scale: a * (1 + scale[:, None]) + shift[:, None]  # noqa: E731
    seen = modulated(norm(x), parts[0], parts[1])
    split = lambda a: a.reshape(2, 3, heads, width // heads).transpose(1, 2)  # noqa: E731
    q, k, v = (split(F.linear(seen, *lin(t, width, width))) for t in (64, 66, 68))
    mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(2, 3, width)
    h = x + parts[2][:, None] * F.linear(mixed, *lin(70, width, width))
    seen = modulated(norm(h), parts[3], parts[4])
    y = h + parts[5][:, None] * F.linear(
        F.gelu(F.linear(seen, *lin(72, 4 * width, width)), approximate="tanh"), *lin(74, width, 4 * width)
    )
    (y * values([2, 3, width], 76)).sum().backward()
    return {"result": flat(y), "gradient": {"x": flat(x.grad), "condition": flat(c.grad)}}


def minimax_values():
    """The terms of Gu et al. 2024 on estimates of a class against memories, one pair of all counting or one of each, with gradients."""
    estimates, real, made = values([3, 4], 80), values([5, 4], 81), values([2, 4], 82)
    out = {}
    for reduce in ("all", "each"):
        e_ = estimates.clone().requires_grad_(True)
        cosine = lambda memory: F.normalize(e_, dim=1) @ F.normalize(memory, dim=1).T  # noqa: B023, E731
        lows, highs = cosine(real), cosine(made)
        rep = 1 - (lows.min() if reduce == "all" else lows.min(1).values.mean())
        div = highs.max() if reduce == "all" else highs.max(1).values.mean()
        (gr,) = torch.autograd.grad(rep, e_, retain_graph=True)
        (gd,) = torch.autograd.grad(div, e_)
        out[reduce] = {
            "representative": {"value": rep.item(), "gradient": flat(gr)},
            "diversity": {"value": div.item(), "gradient": flat(gd)},
        }
    return out


(pathlib.Path(__file__).parent / "diffusion.json").write_text(
    json.dumps(
        {
            "schedules": schedule_values(),
            "loss": loss_values(),
            "step": step_values(),
            "sampling": {"plain": sampling_values(False), "skip": sampling_values(True)},
            "layers": layer_values(),
            "block": block_values(),
            "minimax": minimax_values(),
        }
    )
    + "\n"
)
