"""Objectives of attention maps, partition and expansion, colour maps and bidirectional matching, and their gradients in S, in
float64 PyTorch: writes objectives_formations.json. Weights and images as in objectives.py.
"""

import json
import pathlib

import torch
import torch.nn.functional as F
from objectives import CASE, CLASSES, IPC, classwise, convolutions, detached, embed, flat, forward, formed, gradient, params, values

MAPS = 3
mixing = values([CLASSES, IPC, MAPS, 1, 1], 94, 0.3, 1.0).requires_grad_()
shift = values([CLASSES, IPC, MAPS, 1], 95, 0.1).requires_grad_()


def attention(x, power):
    """The first of the two activations; the last one is compared as an embedding."""
    x = F.relu(F.group_norm(F.conv2d(x, params[0], params[1], padding=1), CASE["width"], params[2], params[3]))
    return F.normalize((x.abs() ** power).sum(1).flatten(1), eps=1e-12)


def means(s, t):
    return ((s.mean(0) - t.mean(0)) ** 2).sum()


def datadam(power):
    return classwise(
        lambda s, t, c: 100 * means(attention(s, power), attention(t, power)) + 100 * 0.01 * means(embed(s), embed(t))
    )


def expanded(s):
    """Quarters enlarged to whole images."""
    quarters = [s[:, :, 4 * r : 4 * r + 4, 4 * c : 4 * c + 4] for r in range(2) for c in range(2)]
    return torch.cat([F.interpolate(q, size=(8, 8), mode="bilinear", align_corners=False) for q in quarters])


def idm(s, t, c):
    x = expanded(s)
    return means(embed(x), embed(t)) + 0.5 * 75 * F.cross_entropy(forward(CASE, params, x), torch.full([len(x)], c))


def coloured(s, c):
    """The images and MAPS colourings of each, a 1 x 1 convolution apiece."""
    of = [F.conv2d(s[i : i + 1], mixing[c, i, m][:, :, None, None], shift[c, i, m]) for m in range(MAPS) for i in range(IPC)]
    return torch.cat([s, *of])


def cep(s, t, c):
    return convolutions(gradient(formed(coloured(s, c)), c), detached(gradient(t, c)), "l1")


def dream_plus(norm):
    def objective(s, t, c):
        x = formed(s)
        gap = embed(x).mean(0) - embed(t).mean(0)
        of_means = gap.abs().sum() if norm == "l1" else (gap**2).sum()
        return convolutions(gradient(x, c), detached(gradient(t, c)), norm) + of_means

    return classwise(objective)


OBJECTIVES = {
    "datadam": (datadam(4), False),
    "datadam-1": (datadam(1), False),
    "idm": (classwise(idm), False),
    "cep": (classwise(cep), True),
    "dream-plus-l1": (dream_plus("l1"), True),
    "dream-plus-squared": (dream_plus("squared"), True),
}

if __name__ == "__main__":
    out = {}
    for name, (objective, unit) in OBJECTIVES.items():
        s = values([CLASSES, IPC, 1, 8, 8], 91, *((0.4, 0.5) if unit else (1.0, 0.0))).requires_grad_()
        loss = objective(s)
        variables = [s, mixing, shift] if name == "cep" else [s]
        of = torch.autograd.grad(loss, variables)
        out[name] = dict(loss=loss.item(), gradient=flat(of[0]))
        if name == "cep":
            out[name] |= dict(mixing=flat(of[1]), shift=flat(of[2]))
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in out.items()) + "\n}\n")
