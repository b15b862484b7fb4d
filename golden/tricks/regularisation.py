"""Regularising terms of A.2 on given features and their gradients in the features of S, in float64 PyTorch: writes
regularisation.json. Features of S under two hypotheses are tensors 1 and 2, those of T tensor 3. Sums are written out image
by image, as the paper writes them.
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "hypotheses"))
from formula import flat, values  # noqa: E402

CLASSES, N, M, K = 3, 4, 5, 6
TAU, MARGIN = 0.7, 2.5
T = values([CLASSES, M, K], 3)


def sigma(a, b):
    return F.cosine_similarity(a, b, dim=0)


def intra(h, _):
    total = 0
    for y in range(CLASSES):
        c = T[y].mean(0)
        for i in range(N):
            own = torch.exp(h[y, i] @ c / TAU)
            others = sum(torch.exp(h[y, i] @ h[y, j] / TAU) for j in range(N) if j != i)
            total = total - torch.log(own / (own + others)) / N
    return total


def pair(h, _):
    """The first images of T as partners, image by image."""
    return sum(((h[y, i] - T[y, i]) ** 2).sum() / N for y in range(CLASSES) for i in range(N))


def inter(h, _):
    means = h.mean(1)
    pairs = [(a, b) for a in range(CLASSES) for b in range(CLASSES) if a != b]
    return sum(F.relu(MARGIN - (means[a] - means[b]).norm()) for a, b in pairs)


def real(y, among):
    return T.flatten(0, 1) if among == "set" else T[y]


def representative(among, best):
    def loss(h, _):
        values = [best([sigma(h[y, i], t) for t in real(y, among)]) for y in range(CLASSES) for i in range(N)]
        return -sum(values) / len(values)

    return loss


def diversity(among):
    def loss(h, _):
        values = []
        for y in range(CLASSES):
            for i in range(N):
                classes = range(CLASSES) if among == "set" else [y]
                others = [(z, j) for z in classes for j in range(N) if (z, j) != (y, i)]
                values.append(max(sigma(h[y, i], h[z, j]) for z, j in others))
        return sum(values) / len(values)

    return loss


def pairs_of(hypotheses, term):
    size = len(hypotheses)
    total = 0
    for y in range(CLASSES):
        for j in range(size):
            for k in range(size):
                if j != k:
                    total = total + sum(term(hypotheses[j][y], hypotheses[k][y], i) for i in range(N)) / size**2 / N
    return total


def contrastive(h, g):
    def term(a, b, i):
        return -torch.log(torch.exp(a[i] @ b[i] / TAU) / sum(torch.exp(a[i] @ b[t] / TAU) for t in range(N)))

    return pairs_of([h, g], term)


def cosine(h, g):
    return pairs_of([h, g], lambda a, b, i: sigma(a[i], b[i]))


def discrimination(h, _):
    means = h.mean(1)
    total = 0
    for y in range(CLASSES):
        for i in range(M):
            scores = torch.stack([T[y, i] @ means[z] for z in range(CLASSES)])
            total = total - torch.log(torch.softmax(scores, 0)[y]) / M / CLASSES
    return total


TERMS = {
    "intra": intra,
    "pair": pair,
    "inter": inter,
    "representative": representative("set", min),
    "representative class": representative("class", min),
    "representative nearest": representative("set", max),
    "diversity": diversity("set"),
    "diversity class": diversity("class"),
    "contrastive": contrastive,
    "cosine": cosine,
    "discrimination": discrimination,
}

if __name__ == "__main__":
    out = {}
    for name, term in TERMS.items():
        features = [values([CLASSES, N, K], t).requires_grad_() for t in (1, 2)]
        loss = term(*features)
        of = torch.autograd.grad(loss, features, allow_unused=True)
        out[name] = dict(loss=loss.item(), gradients=[flat(g) for g in of if g is not None])
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in out.items()) + "\n}\n")
