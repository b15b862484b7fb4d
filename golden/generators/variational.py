"""Losses and gradients of variational autoencoders in float64 by PyTorch: writes variational.json beside this file.

Arrays are those of ../hypotheses/formula.py; tensors of parameters are numbered in the order of their layers, weight before bias, and
scaled by 1 / sqrt(fan in). Formulas from the papers: Kingma and Welling 2014 (VAE), Higgins et al. 2017 (beta), Sohn et al. 2015
(conditional), Zhao et al. 2019 (Info; kernel of Gretton et al. 2012 as a mixture of bandwidths), van den Oord et al. 2017 (VQ).
"""

import json
import math
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "hypotheses"))
from formula import flat, values  # noqa: E402

n, shape, d, classes, width, z = 4, [1, 3, 4], 12, 3, 5, 2
positions, entry, entries = 2, 2, 3
mean, std = 0.3, 0.4
images = values([n, *shape], 50, 0.5)
labels = torch.tensor([2, 0, 1, 0])
onehot = F.one_hot(labels, classes).double()
noise, prior = values([n, z], 51), values([n, z], 52)


def layers(sizes):
    out, t = {}, 0
    for name, (o, i) in sizes.items():
        scale = 1 / math.sqrt(i)
        out[name] = {"weight": values([o, i], t, scale), "bias": values([o], t + 1, math.sqrt(1 / i))}
        t += 2
    return out, t


def mark(p):
    for layer in p.values():
        for tensor in layer.values():
            tensor.requires_grad_(True)


def lin(p, name, x):
    return F.linear(x, p[name]["weight"], p[name]["bias"])


def encoder(p, heads, joined=None):
    h = images.reshape(n, d)
    for k in (1, 2):
        h = F.relu(lin(p, f"encoder{k}", h))
    if joined is not None:
        h = torch.cat([h, joined], 1)
    return [lin(p, name, h) for name in heads]


def decoder(p, code):
    h = code
    for k in (1, 2):
        h = F.relu(lin(p, f"decoder{k}", h))
    return lin(p, "output", h)


def reconstruction(out, likelihood, deviation=0.7):
    x = images.reshape(n, d)
    if likelihood == "gaussian":
        return ((x - out) ** 2).sum(1).mean() / (2 * deviation**2)
    return F.binary_cross_entropy_with_logits(out, x * std + mean, reduction="none").sum(1).mean()


def kl(mu, logvar):
    return torch.distributions.kl_divergence(
        torch.distributions.Normal(mu, torch.exp(0.5 * logvar)), torch.distributions.Normal(0.0, 1.0)
    ).sum(1).mean()


def mmd(a, b):
    joined = torch.cat([a, b.detach()])
    gaps = ((joined[:, None] - joined[None]) ** 2).sum(2)
    m = len(joined)
    bandwidth = (gaps.sum() / (m * m - m)).detach()
    k = sum(torch.exp(-gaps / (bandwidth * 2.0**j)) for j in (-2, -1, 0, 1, 2))
    h = len(a)
    return k[:h, :h].mean() + k[h:, h:].mean() - 2 * k[:h, h:].mean()


def gradients(p):
    return {layer: {name: flat(t.grad) for name, t in own.items()} for layer, own in p.items()}


def variational(regulariser, likelihood="bernoulli", conditional=False):
    joined = classes if conditional else 0
    p, _ = layers(
        {
            "encoder1": (width, d),
            "encoder2": (width, width),
            "mean": (z, width + joined),
            "logVariance": (z, width + joined),
            "decoder1": (width, z + joined),
            "decoder2": (width, width),
            "output": (d, width),
        }
    )
    mark(p)
    mu, logvar = encoder(p, ["mean", "logVariance"], onehot if conditional else None)
    code = mu + torch.exp(0.5 * logvar) * noise
    out = decoder(p, torch.cat([code, onehot], 1) if conditional else code)
    loss = reconstruction(out, likelihood) + regulariser(mu, logvar, code)
    loss.backward()
    return {"loss": loss.item(), "gradient": gradients(p)}


def quantised(averaged, beta=0.3, decay=0.9):
    p, t = layers(
        {
            "encoder1": (width, d),
            "encoder2": (width, width),
            "code": (positions * entry, width),
            "decoder1": (width, positions * entry),
            "decoder2": (width, width),
            "output": (d, width),
        }
    )
    book = values([entries, entry], t, 0.4)
    p["codebook"] = {"entries": book}
    mark(p)
    ze = encoder(p, ["code"])[0].reshape(-1, entry)
    nearest = torch.cdist(ze, book).argmin(1)
    e = book[nearest]
    out = decoder(p, (ze + (e - ze).detach()).reshape(n, -1))
    terms = {
        "reconstruction": reconstruction(out, "bernoulli"),
        "codebook": ((ze.detach() - e) ** 2).sum() / n,
        "commitment": beta * ((ze - e.detach()) ** 2).sum() / n,
    }
    if averaged:
        del terms["codebook"]
    loss = sum(terms.values())
    loss.backward()
    result = {"loss": loss.item(), "terms": {k: v.item() for k, v in terms.items()}, "nearest": nearest.tolist()}
    if not averaged:
        return result | {"gradient": gradients(p)}
    counts, sums = torch.ones(entries, dtype=torch.float64), book.detach().clone()
    choice = F.one_hot(nearest, entries).double()
    for _ in range(2):
        counts = decay * counts + (1 - decay) * choice.sum(0)
        sums = decay * sums + (1 - decay) * choice.T @ ze.detach()
    return result | {"counts": flat(counts), "sums": flat(sums), "entries": flat(sums / counts[:, None])}


if __name__ == "__main__":
    mu, logvar = torch.tensor([[[0.5, -1.0]], [[0.2, -0.3]]], dtype=torch.float64)
    out = {
        "kl": kl(mu, logvar).item(),
        "vae": variational(lambda m, v, c: kl(m, v)),
        "vaeGaussian": variational(lambda m, v, c: kl(m, v), likelihood="gaussian"),
        "betaVae": variational(lambda m, v, c: 4 * kl(m, v)),
        "cvae": variational(lambda m, v, c: kl(m, v), conditional=True),
        "infoVae": variational(lambda m, v, c: (1 - 0.4) * kl(m, v) + (0.4 + 10 - 1) * mmd(c, prior)),
        "mmd": mmd(noise, prior).item(),
        "vqGradient": quantised(False),
        "vqAverage": quantised(True),
    }
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
