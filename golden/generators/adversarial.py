"""Losses and gradients of generators and their critics in float64 by PyTorch: writes adversarial.json beside this file.

Arrays are those of ../hypotheses/formula.py; tensors of parameters are numbered in the order of their layers. Formulas from the papers:
Goodfellow et al. 2014 (GAN), Odena et al. 2017 (class head), Miyato and Koyama 2018 (projection), Arjovsky et al. 2017 and Gulrajani et al.
2017 (Wasserstein, penalty of slopes), Mescheder et al. 2018 (R1), Karras et al. 2020 (modulation, filter, mapping). Modulated convolutions
are written with a kernel a sample, as in the paper.
"""

import json
import math
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "hypotheses"))
from formula import flat, values  # noqa: E402

n, shape, classes, z, c = 4, [1, 5, 5], 3, 2, 3
mean, std = 0.3, 0.4
images = values([n, *shape], 50, 0.5)
labels = torch.tensor([2, 0, 1, 0])
onehot = F.one_hot(labels, classes).double()
noise = values([n, z], 51)
mix = torch.tensor([0.1, 0.4, 0.6, 0.9], dtype=torch.float32).double()


def numbered(table, t=0, scale=0.5):
    """Layer -> name -> shape, as tensors: gains of norms around 1, all else around 0."""
    out = {}
    for layer, own in table.items():
        out[layer] = {}
        for name, dims in own.items():
            gain = layer.startswith("norm") and name == "weight"
            out[layer][name] = values(dims, t, scale, 1.0 if gain else 0.0).requires_grad_(True)
            t += 1
    return out


def weights(*dims, bias=True):
    return {"weight": list(dims), **({"bias": [dims[0]]} if bias else {})}


def lin(p, name, x):
    return F.linear(x, p[name]["weight"], p[name]["bias"])


def leaky(x):
    return F.leaky_relu(x, 0.2)


def generator_table():
    norm = {"weight": [c], "bias": [c]}
    return {
        "decoder1": weights(c * 9, z + classes),
        "norm1": norm,
        "decoder2": weights(c, c, 3, 3, bias=False),
        "norm2": norm,
        "output": weights(1, c, 3, 3),
    }


def generate(p):
    h = lin(p, "decoder1", torch.cat([noise, onehot], 1)).reshape(n, c, 3, 3)
    h = F.relu(F.batch_norm(h, None, None, p["norm1"]["weight"], p["norm1"]["bias"], training=True))
    h = F.interpolate(h, scale_factor=2, mode="nearest")[:, :, :5, :5]
    h = F.conv2d(h, p["decoder2"]["weight"], padding=1)
    h = F.relu(F.batch_norm(h, None, None, p["norm2"]["weight"], p["norm2"]["bias"], training=True))
    h = F.conv2d(h, p["output"]["weight"], p["output"]["bias"], padding=1)
    return ((torch.tanh(h) + 1) / 2 - mean) / std


def critic_table(head, norm=True):
    layers = {
        "critic1": weights(c, 1, 3, 3),
        "critic2": weights(2 * c, c, 3, 3),
        **({"norm2": {"weight": [2 * c, 2, 2], "bias": [2 * c, 2, 2]}} if norm else {}),
        "score": weights(1, 2 * c * 4),
    }
    if head != "none":
        layers["class" if head == "auxiliary" else "projection"] = weights(classes, 2 * c * 4)
    return layers


def judge(p, x):
    h = leaky(F.conv2d(x, p["critic1"]["weight"], p["critic1"]["bias"], stride=2, padding=1))
    h = F.conv2d(h, p["critic2"]["weight"], p["critic2"]["bias"], stride=2, padding=1)
    if "norm2" in p:
        h = F.layer_norm(h, [2 * c, 2, 2], p["norm2"]["weight"], p["norm2"]["bias"])
    h = leaky(h).flatten(1)
    score = lin(p, "score", h)[:, 0]
    if "projection" in p:
        return score + (lin(p, "projection", h) * onehot).sum(1), None
    return score, lin(p, "class", h) if "class" in p else None


def slopes(p, x):
    x = x.detach().requires_grad_(True)
    (g,) = torch.autograd.grad(judge(p, x)[0].sum(), x, create_graph=True)
    return (g.reshape(n, -1) ** 2).sum(1)


def told(classes_):
    return 0.0 if classes_ is None else F.cross_entropy(classes_, labels)


def gradients(loss, p):
    tensors = [t for own in p.values() for t in own.values()]
    found = iter(torch.autograd.grad(loss, tensors))
    return {"loss": loss.item(), "gradient": {layer: {name: flat(next(found)) for name in own} for layer, own in p.items()}}


def game(kind, head, penalty=None):
    g, d = numbered(generator_table()), numbered(critic_table(head), 20)
    fake = generate(g)
    (r, rc), (f, fc) = judge(d, images), judge(d, fake.detach())
    if kind == "logistic":
        bce = F.binary_cross_entropy_with_logits
        loss = bce(r, torch.full_like(r, 0.9)) + bce(f, torch.zeros_like(f))
    else:
        loss = f.mean() - r.mean()
    loss = loss + told(rc) + told(fc)
    if penalty:
        between = images + mix[:, None, None, None] * (fake.detach() - images)
        loss = loss + penalty * ((slopes(d, between).sqrt() - 1) ** 2).mean()
    f, fc = judge(d, fake)
    if kind == "logistic":
        fooling = F.binary_cross_entropy_with_logits(f, torch.ones_like(f))
    else:
        fooling = -f.mean()
    return {"critic": gradients(loss, d), "generator": gradients(fooling + told(fc), g)}


fir = torch.tensor([1.0, 3.0, 3.0, 1.0], dtype=torch.float64) / 8


def filtered(x, pads, gain):
    kernel = (gain * torch.outer(fir, fir))[None, None].repeat(x.shape[1], 1, 1, 1)
    return F.conv2d(F.pad(x, pads), kernel, groups=x.shape[1])


def fir_up(x):
    b, k, h, w = x.shape
    spread = torch.zeros(b, k, 2 * h, 2 * w, dtype=x.dtype)
    spread[:, :, ::2, ::2] = x
    return filtered(spread, (2, 1, 2, 1), 4)


def modulated(x, w, s, demodulate, up):
    """A kernel for each sample: scaled, brought to unit length, applied to its own sample."""
    out = []
    for i in range(len(x)):
        own = w * s[i][None, :, None, None]
        if demodulate:
            own = own * (own.square().sum([1, 2, 3], keepdim=True) + 1e-8).rsqrt()
        if up:
            spread = F.conv_transpose2d(x[i : i + 1], own.flip(2, 3).transpose(0, 1), stride=2)
            out.append(filtered(spread, (1, 1, 1, 1), 4))
        else:
            out.append(F.conv2d(x[i : i + 1], own, padding=(w.shape[2] - 1) // 2))
    return torch.cat(out)


def modulated_case(demodulate, up, side):
    x = values([2, 3, 3, 3], 60).requires_grad_(True)
    w = values([4, 3, side, side], 61, 0.5).requires_grad_(True)
    s = values([2, 3], 62, 0.5, 1.0).requires_grad_(True)
    y = modulated(x, w, s, demodulate, up)
    grads = torch.autograd.grad((y * values(list(y.shape), 63)).sum(), [x, w, s])
    return {"value": flat(y), "gradient": [flat(g) for g in grads]}


def style_table(m, blocks, ch):
    affine = {"weight": [ch, m], "bias": [ch]}
    table = {
        "embed": {"weight": [m, classes], "bias": [m]},
        "mapping1": {"weight": [m, 2 * m], "bias": [m]},
        "mapping2": {"weight": [m, m], "bias": [m]},
        "const": {"value": [ch, 4, 4]},
    }
    for b in range(blocks):
        side = 4 * 2**b
        for k in "a" if b == 0 else "ab":
            table[f"style{side}{k}"] = affine
            table[f"conv{side}{k}"] = {"weight": [ch, ch, 3, 3], "bias": [ch]}
        table[f"rgbStyle{side}"] = affine
        table[f"rgb{side}"] = {"weight": [1, ch, 1, 1], "bias": [1]}
    return table


def style_generate(p, blocks):
    def rms(x):
        return x * (x.square().mean(1, keepdim=True) + 1e-8).rsqrt()

    def fc(name, x, lr=1.0):
        return F.linear(x, p[name]["weight"] * lr / math.sqrt(x.shape[1]), p[name]["bias"] * lr)

    w = torch.cat([rms(noise), rms(fc("embed", onehot))], 1)
    for name in ("mapping1", "mapping2"):
        w = leaky(fc(name, w, 0.01)) * math.sqrt(2)
    x = p["const"]["value"][None].repeat(n, 1, 1, 1)
    picture = None
    for b in range(blocks):
        side = 4 * 2**b
        for k in "a" if b == 0 else "ab":
            up = b > 0 and k == "a"
            conv = p[f"conv{side}{k}"]
            x = modulated(x, conv["weight"], fc(f"style{side}{k}", w), True, up) + conv["bias"][None, :, None, None]
            x = leaky(x) * math.sqrt(2)
        rgb = p[f"rgb{side}"]
        s = fc(f"rgbStyle{side}", w) / math.sqrt(x.shape[1])
        colours = modulated(x, rgb["weight"], s, False, False) + rgb["bias"][None, :, None, None]
        picture = colours if picture is None else fir_up(picture) + colours
    return ((picture[:, :, 1:6, 1:6] + 1) / 2 - mean) / std


def style():
    p = numbered(style_table(z, 2, c), 0, 1.0)
    out = style_generate(p, 2)
    d = numbered(critic_table("projection", norm=False), 40)

    def critic_loss():
        return F.softplus(-judge(d, images)[0]).mean() + F.softplus(judge(d, out.detach())[0]).mean()

    return {
        "picture": flat(out),
        "generator": gradients(F.softplus(-judge(d, out)[0]).mean(), p),
        "critic": gradients(critic_loss(), d),
        "penalised": gradients(critic_loss() + 16 * 0.3 / 2 * slopes(d, images).mean(), d),
    }


if __name__ == "__main__":
    line = torch.tensor([[[[1.0, 2.0]]]], dtype=torch.float64)
    out = {
        "auxiliary": game("logistic", "auxiliary"),
        "projection": game("logistic", "projection"),
        "penalty": game("wasserstein", "auxiliary", 10),
        "up": flat(fir_up(line.repeat(1, 1, 2, 1))[0, 0, 1]),
        "modulated": modulated_case(True, False, 3),
        "modulatedUp": modulated_case(True, True, 3),
        "modulatedPlain": modulated_case(False, False, 1),
        "style": style(),
    }
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
