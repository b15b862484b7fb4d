"""Losses and gradients of CycleGAN and SinGAN in float64 by PyTorch: writes pictures.json beside this file.

Arrays are those of ../hypotheses/formula.py; tensors of parameters are numbered in the order of their layers, gains of norms around 1. Formulas
from the papers: Zhu et al. 2017 (least squares both ways, cycle, identity), Shrivastava et al. 2017 (the pool), Shaham et al. 2019 (pyramid, WGAN-GP
on patches, reconstruction from fixed noise).
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "hypotheses"))
from formula import flat, values  # noqa: E402

mean, std = 0.3, 0.4


def numbered(table, t):
    """Layer -> name -> shape, as tensors."""
    out = {}
    for layer, own in table.items():
        out[layer] = {}
        for name, dims in own.items():
            gain = "Norm" in layer and name == "weight"
            out[layer][name] = values(dims, t, 0.4, 1.0 if gain else 0.0).requires_grad_(True)
            t += 1
    return out


def kernel(out, inputs, k=3):
    return {"weight": [out, inputs, k, k], "bias": [out]}


def gains(channels):
    return {"weight": [channels], "bias": [channels]}


def conv(p, name, x, stride=1):
    return F.conv2d(x, p[name]["weight"], p[name]["bias"], stride=stride, padding=1)


def instance(p, name, x):
    return F.instance_norm(x, None, None, p[name]["weight"], p[name]["bias"], True, 0, 1e-5)


def leaky(x):
    return F.leaky_relu(x, 0.2)


def gradients(loss, params):
    named = [(layer, name) for layer, own in params.items() for name in own]
    found = torch.autograd.grad(loss, [params[layer][name] for layer, name in named], allow_unused=True)
    out = {}
    for (layer, name), g in zip(named, found):
        zeros = torch.zeros_like(params[layer][name])
        out.setdefault(layer, {})[name] = flat(zeros if g is None else g)
    return out


# CycleGAN, 6x6 pixels, 2 channels, 1 residual block, a pool of 3 places of which two are taken.

n, side, c, places, cycle, identity = 2, 6, 2, 3, 10.0, 0.5


def translator_table(name):
    return {
        f"{name}In": kernel(c, 1),
        f"{name}InNorm": gains(c),
        f"{name}Down": kernel(2 * c, c),
        f"{name}DownNorm": gains(2 * c),
        f"{name}Block1a": kernel(2 * c, 2 * c),
        f"{name}Block1aNorm": gains(2 * c),
        f"{name}Block1b": kernel(2 * c, 2 * c),
        f"{name}Block1bNorm": gains(2 * c),
        f"{name}Up": kernel(c, 2 * c),
        f"{name}UpNorm": gains(c),
        f"{name}Out": kernel(1, c),
    }


def translate(p, name, x):
    x = F.relu(instance(p, f"{name}InNorm", conv(p, f"{name}In", x)))
    x = F.relu(instance(p, f"{name}DownNorm", conv(p, f"{name}Down", x, 2)))
    y = F.relu(instance(p, f"{name}Block1aNorm", conv(p, f"{name}Block1a", x)))
    x = x + instance(p, f"{name}Block1bNorm", conv(p, f"{name}Block1b", y))
    x = F.interpolate(x, scale_factor=2, mode="nearest")
    x = F.relu(instance(p, f"{name}UpNorm", conv(p, f"{name}Up", x)))
    return ((torch.tanh(conv(p, f"{name}Out", x)) + 1) / 2 - mean) / std


def critic_table(name):
    return {
        f"{name}1": kernel(c, 1),
        f"{name}2": kernel(2 * c, c),
        f"{name}2Norm": {"weight": [2 * c, 2, 2], "bias": [2 * c, 2, 2]},
        f"{name}3": kernel(1, 2 * c),
    }


def judge(p, name, x):
    x = leaky(conv(p, f"{name}1", x, 2))
    x = conv(p, f"{name}2", x, 2)
    x = leaky(F.layer_norm(x, x.shape[1:], p[f"{name}2Norm"]["weight"], p[f"{name}2Norm"]["bias"], 1e-5))
    return conv(p, f"{name}3", x)


def cyclegan():
    weights = numbered({**translator_table("toSamples"), **translator_table("toDomain")}, 0)
    critic = numbered({**critic_table("ofSamples"), **critic_table("ofDomain")}, 100)
    b, a = values([n, 1, side, side], 60), values([n, 1, side, side], 61)
    pools = {
        "samples": values([places, 1, side, side], 62),
        "domain": values([places, 1, side, side], 63),
    }
    taken = torch.tensor([1.0, 0.0, 1.0], dtype=torch.float64)
    # Samples 0 and 1 go to places 2 and 1; of samples both take theirs, of the domain only the first.
    order = [2, 1]
    takes = {"samples": [1.0, 1.0], "domain": [1.0, 0.0]}
    to = {"samples": "toSamples", "domain": "toDomain"}
    of = {"samples": "ofSamples", "domain": "ofDomain"}
    real = {"samples": b, "domain": a}
    other = {"samples": "domain", "domain": "samples"}

    loss_d = 0.0
    for s in ("samples", "domain"):
        fresh = translate(weights, to[s], real[other[s]])
        shown = torch.stack(
            [pools[s][order[i]] if takes[s][i] and taken[order[i]] else fresh[i] for i in range(n)]
        )
        scores = judge(critic, of[s], real[s]), judge(critic, of[s], shown)
        loss_d = loss_d + 0.5 * ((scores[0] - 1).square().mean() + scores[1].square().mean())

    loss_g = 0.0
    after = {}
    for s in ("samples", "domain"):
        fake = translate(weights, to[s], real[other[s]])
        loss_g = loss_g + (judge(critic, of[s], fake) - 1).square().mean()
        loss_g = loss_g + cycle * (translate(weights, to[other[s]], fake) - real[other[s]]).abs().mean()
        loss_g = loss_g + cycle * identity * (translate(weights, to[s], real[s]) - real[s]).abs().mean()
        kept = pools[s].clone()
        now = taken.clone()
        for i in range(n):
            if takes[s][i]:
                kept[order[i]] = fake[i].detach()
                now[order[i]] = 1
        after[s] = {"images": flat(kept), "taken": flat(now)}
    return {
        "critic": {"loss": loss_d.item(), "gradient": gradients(loss_d, critic)},
        "generator": {"loss": loss_g.item(), "gradient": gradients(loss_g, weights)},
        "pools": after,
    }


# SinGAN, 8x8 pixels: sizes 5, 6, 8; the losses of the second, with 2 channels and 2 convolutions.


def body_table(name, out, normed):
    return {
        f"{name}1": kernel(2, 1),
        **({f"{name}1Norm": gains(2)} if normed else {}),
        f"{name}2": kernel(out, 2),
    }


def size_up(x, s):
    return F.interpolate(x, (s, s), mode="bilinear", align_corners=False)


def singan():
    sizes, penalty, alpha = [5, 6, 8], 0.1, 10.0
    table = {}
    for s in range(3):
        table.update(body_table(f"size{s}Convolution", 1, True))
    weights = numbered(table, 0)
    critic = numbered(body_table("critic1Convolution", 1, False), 100)
    amplitudes = [1.0, 0.3, 0.2]
    fixed = values([1, 1, 5, 5], 70)
    image = values([2, 1, 6, 6], 71, 0.8)
    z = values([2, 25 + 36], 72)
    mix = torch.tensor([0.25, 0.75], dtype=torch.float64).reshape(2, 1, 1, 1)

    def net(s, x):
        name = f"size{s}Convolution"
        y = leaky(instance(weights, f"{name}1Norm", conv(weights, f"{name}1", x)))
        return torch.tanh(conv(weights, f"{name}2", y))

    def climb(first, second):
        x = net(0, first * amplitudes[0])
        up = size_up(x, sizes[1])
        return net(1, second * amplitudes[1] + up) + up

    def scores(x):
        y = leaky(conv(critic, "critic1Convolution1", x))
        return conv(critic, "critic1Convolution2", y).mean([1, 2, 3])

    fake = climb(z[:, :25].reshape(2, 1, 5, 5), z[:, 25:].reshape(2, 1, 6, 6))
    between = (image + mix * (fake - image)).detach().requires_grad_(True)
    slopes = torch.autograd.grad(scores(between).sum(), between, create_graph=True)[0].reshape(2, -1)
    loss_d = scores(fake.detach()).mean() - scores(image).mean()
    loss_d = loss_d + penalty * (slopes.norm(dim=1) - 1).square().mean()
    own = climb(fixed, torch.zeros(1, 1, 6, 6, dtype=torch.float64))
    loss_g = -scores(fake).mean() + alpha * (own - image).square().mean()
    learning = {layer: t for layer, t in weights.items() if layer.startswith("size1")}
    return {
        "critic": {"loss": loss_d.item(), "gradient": gradients(loss_d, critic)},
        "generator": {"loss": loss_g.item(), "gradient": gradients(loss_g, learning)},
    }


result = {"cyclegan": cyclegan(), "singan": singan()}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
