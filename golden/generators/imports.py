"""What models trained elsewhere make of fixed codes, in float64 by PyTorch: writes imports.json beside this file.

Each family is built from its description in plain torch, small, with the names that files of it have. Every tensor holds the numbers of
../hypotheses/formula.py, scaled by 1 / sqrt(fan in), norms around 1, moments of running statistics positive; imports.json lists name, shape,
number, scale and offset of each, so that a test makes the same file, what comes out, and the gradient of its weighted sum in the code.
"""

import json
import math
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "hypotheses"))
from formula import flat, values  # noqa: E402


class Weights:
    """Tensors by name, made when first asked for, and how each is made."""

    def __init__(self, prefix=""):
        self.made, self.listed, self.prefix = {}, [], prefix

    def get(self, name, shape, scale=None, offset=0.0):
        if name not in self.made:
            fan = math.prod(shape[1:]) if len(shape) > 1 else 1
            own = scale if scale is not None else (1 / math.sqrt(fan) if len(shape) > 1 else 0.1)
            number = len(self.made)
            self.made[name] = values(shape, number, own, offset)
            self.listed.append([self.prefix + name, list(shape), number, own, offset])
        return self.made[name]

    def norm(self, name, channels, kind=("weight", "bias")):
        return self.get(f"{name}.{kind[0]}", [channels], 0.2, 1.0), self.get(f"{name}.{kind[1]}", [channels], 0.1)

    def moments(self, name, channels, kind=("running_mean", "running_var")):
        return self.get(f"{name}.{kind[0]}", [channels], 0.2), self.get(f"{name}.{kind[1]}", [channels], 0.3, 1.0)

    def conv(self, name, out, inputs, kernel, bias=True):
        weight = self.get(f"{name}.weight", [out, inputs, kernel, kernel], 1.5 / math.sqrt(inputs * kernel * kernel))
        return weight, self.get(f"{name}.bias", [out]) if bias else None


def conv(x, wb, **options):
    weight, bias = wb
    options.setdefault("padding", weight.shape[2] // 2)
    return F.conv2d(x, weight, bias, **options)


def up(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


def recorded(w, z, x, **more):
    """What came out, and the gradient of its sum with fixed weights in the code."""
    total = (x * values(list(x.shape), 200)).sum()
    (gradient,) = torch.autograd.grad(total, z)
    return {"tensors": w.listed, **more, "output": flat(x), "gradient": flat(gradient)}


def code_of(shape, number):
    return values(shape, number).requires_grad_(True)


def dcgan():
    w = Weights()
    sizes = [3, 5, 4, 2, 1]
    z = code_of([2, 3], 90)
    x = z.reshape(2, 3, 1, 1)
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        weight = w.get(f"main.{3 * i}.weight", [a, b, 4, 4], 1 / math.sqrt(4 * a))
        x = F.conv_transpose2d(x, weight, stride=1 if i == 0 else 2, padding=0 if i == 0 else 1)
        if i < len(sizes) - 2:
            mean, var = w.moments(f"main.{3 * i + 1}", b)
            gain, bias = w.norm(f"main.{3 * i + 1}", b)
            x = F.relu(F.batch_norm(x, mean, var, gain, bias, False, 0, 1e-5))
    return recorded(w, z, torch.tanh(x))


def taesd(names):
    """names: "own" or "diffusers"."""
    w = Weights()
    width, latents = 4, 2

    def name(side, at):
        if names == "own":
            return f"{side}.{at}"
        return f"{side}.layers.{at - 1 if side == 'decoder' else at}"

    def block(side, at, x):
        y = x
        for k in (0, 2, 4):
            y = conv(y, w.conv(f"{name(side, at)}.conv.{k}", width, width, 3))
            y = F.relu(y) if k < 4 else y
        return F.relu(y + x)

    image = values([2, 3, 16, 16], 91, 0.5, 0.5)
    x = conv(image, w.conv(name("encoder", 0), width, 3, 3))
    x = block("encoder", 1, x)
    for at in (2, 6, 10):
        x = conv(x, w.conv(name("encoder", at), width, width, 3, False), stride=2)
        for k in (1, 2, 3):
            x = block("encoder", at + k, x)
    code = conv(x, w.conv(name("encoder", 14), latents, width, 3))

    z = code_of([2, latents, 2, 2], 92)
    x = torch.tanh(z / 3) * 3
    x = F.relu(conv(x, w.conv(name("decoder", 1), width, latents, 3)))
    for at in (3, 8, 13):
        for k in range(3):
            x = block("decoder", at + k, x)
        x = conv(up(x), w.conv(name("decoder", at + 4), width, width, 3, False))
    x = block("decoder", 18, x)
    x = conv(x, w.conv(name("decoder", 19), 3, width, 3))
    return recorded(w, z, x, code=flat(code))


def first_stage(names, entries=0):
    """names: "compvis" or "diffusers"; with `entries` a codebook in place of a divergence."""
    w = Weights("first_stage_model." if names == "compvis" and entries == 0 else "")
    channels, blocks, latents, codes, groups = [4, 6], 1, 3, 2, 2
    diffusers = names == "diffusers"
    n = len(channels)

    def norm(name, x):
        gain, bias = w.norm(name, x.shape[1])
        return F.group_norm(x, groups, gain, bias, 1e-6)

    def level(side, i, j):
        if diffusers:
            return f"{side}_blocks.{i if side == 'down' else n - 1 - i}.resnets.{j}"
        return f"{side}.{i}.block.{j}"

    def sampler(side, i):
        if diffusers:
            return f"{side}_blocks.{i if side == 'down' else n - 1 - i}.{side}samplers.0.conv"
        return f"{side}.{i}.{side}sample.conv"

    def residual(name, x, out):
        y = conv(F.silu(norm(f"{name}.norm1", x)), w.conv(f"{name}.conv1", out, x.shape[1], 3))
        y = conv(F.silu(norm(f"{name}.norm2", y)), w.conv(f"{name}.conv2", out, out, 3))
        short = "conv_shortcut" if diffusers else "nin_shortcut"
        return y + (x if x.shape[1] == out else conv(x, w.conv(f"{name}.{short}", out, x.shape[1], 1)))

    def attention(name, x):
        c = x.shape[1]
        own = ["group_norm", "to_q", "to_k", "to_v", "to_out.0"] if diffusers else ["norm", "q", "k", "v", "proj_out"]
        y = norm(f"{name}.{own[0]}", x)

        def project(k, t):
            if diffusers:
                weight = w.get(f"{name}.{own[k]}.weight", [c, c], 1.5 / math.sqrt(c))
                return F.conv2d(t, weight[:, :, None, None], w.get(f"{name}.{own[k]}.bias", [c]))
            return conv(t, w.conv(f"{name}.{own[k]}", c, c, 1))

        q, k, v = (project(i, y).flatten(2) for i in (1, 2, 3))
        shares = torch.softmax(torch.einsum("ncp,ncq->npq", q, k) / math.sqrt(c), 2)
        return x + project(4, torch.einsum("npq,ncq->ncp", shares, v).reshape(x.shape))

    def middle(side, x):
        c = x.shape[1]
        one, own, two = (
            ("mid_block.resnets.0", "mid_block.attentions.0", "mid_block.resnets.1")
            if diffusers
            else ("mid.block_1", "mid.attn_1", "mid.block_2")
        )
        return residual(f"{side}.{two}", attention(f"{side}.{own}", residual(f"{side}.{one}", x, c)), c)

    last_norm = "conv_norm_out" if diffusers else "norm_out"
    image = values([2, 3, 8, 8], 93)
    x = conv(image, w.conv("encoder.conv_in", channels[0], 3, 3))
    for i, c in enumerate(channels):
        for j in range(blocks):
            x = residual(f"encoder.{level('down', i, j)}", x, c)
        if i < n - 1:
            x = conv(F.pad(x, (0, 1, 0, 1)), w.conv(f"encoder.{sampler('down', i)}", c, c, 3), stride=2, padding=0)
    x = middle("encoder", x)
    factor = 1 if entries else 2
    x = conv(F.silu(norm(f"encoder.{last_norm}", x)), w.conv("encoder.conv_out", factor * latents, channels[-1], 3))
    x = conv(x, w.conv("quant_conv", factor * codes, factor * latents, 1))
    scale = 1.0 if entries else 0.18215
    code = x[:, :codes] * scale

    z = code_of([2, codes, 4, 4], 94)
    x = z / scale if not entries else z
    if entries:
        book = w.get("quantize.embedding.weight", [entries, codes], 1.0)
        rows = x.permute(0, 2, 3, 1).reshape(-1, codes)
        nearest = book[torch.cdist(rows, book).argmin(1)].reshape(2, 4, 4, codes).permute(0, 3, 1, 2)
        x = x + (nearest - x).detach()
    x = conv(x, w.conv("post_quant_conv", latents, codes, 1))
    x = middle("decoder", conv(x, w.conv("decoder.conv_in", channels[-1], latents, 3)))
    for i in reversed(range(n)):
        for j in range(blocks + 1):
            x = residual(f"decoder.{level('up', i, j)}", x, channels[i])
        if i > 0:
            x = conv(up(x), w.conv(f"decoder.{sampler('up', i)}", channels[i], channels[i], 3))
    x = conv(F.silu(norm(f"decoder.{last_norm}", x)), w.conv("decoder.conv_out", 3, channels[0], 3))
    return recorded(w, z, x, code=flat(code))


def stylegan2(classes):
    w = Weights()
    z_dim, w_dim, channels, mapping = 3, 4, [5, 4, 3], 2
    taps = torch.tensor([1.0, 3, 3, 1], dtype=torch.float64) / 8
    fir = torch.outer(taps, taps)

    def fc(name, x, out, rate=1.0):
        weight = w.get(f"{name}.weight", [out, x.shape[1]], 1.0 / rate)
        return x @ (weight * rate / math.sqrt(x.shape[1])).t() + w.get(f"{name}.bias", [out], 0.1 / rate) * rate

    def affine(name, style, out):
        weight = w.get(f"{name}.affine.weight", [out, w_dim], 1.0)
        return style @ (weight / math.sqrt(w_dim)).t() + w.get(f"{name}.affine.bias", [out], 0.2, 1.0)

    def lrelu(x):
        return F.leaky_relu(x, 0.2) * math.sqrt(2)

    def rms(x):
        return x / (x.square().mean(1, keepdim=True) + 1e-8).sqrt()

    def filtered(x, gain, pads):
        x = F.pad(x, pads)
        c = x.shape[1]
        return F.conv2d(x, (fir * gain).expand(c, 1, 4, 4), groups=c)

    def doubled(x):
        n, c, h, _ = x.shape
        stuffed = torch.zeros(n, c, 2 * h, 2 * h, dtype=x.dtype)
        stuffed[:, :, ::2, ::2] = x
        return filtered(stuffed, 4, (2, 1, 2, 1))

    z = code_of([2, z_dim], 95)
    x = rms(z)
    if classes:
        onehot = F.one_hot(torch.tensor([1, 0]), classes).double()
        x = torch.cat([x, rms(fc("mapping.embed", onehot, w_dim))], 1)
    for i in range(mapping):
        x = lrelu(fc(f"mapping.fc{i}", x, w_dim, 0.01))
    mean = w.get("mapping.w_avg", [w_dim])
    style = mean + 0.7 * (x - mean)

    def layer(name, x, out, double):
        weight = w.get(f"{name}.weight", [out, x.shape[1], 3, 3], 1.0)
        styles = affine(name, style, x.shape[1])
        # Per sample, as the layer is defined: weights times styles, demodulated.
        own = weight[None] * styles[:, None, :, None, None]
        own = own / (own.square().sum([2, 3, 4], keepdim=True) + 1e-8).sqrt()
        rows = []
        for one, image in zip(own, x):
            if double:
                y = F.conv_transpose2d(image[None], one.transpose(0, 1), stride=2)
                rows.append(filtered(y, 4, (1, 1, 1, 1)))
            else:
                rows.append(F.conv2d(image[None], one, padding=1))
        y = torch.cat(rows)
        side = y.shape[2]
        noise = w.get(f"{name}.noise_const", [side, side], 1.0)
        y = y + noise * w.get(f"{name}.noise_strength", [], 0.5, 0.1)
        return lrelu(y + w.get(f"{name}.bias", [out])[None, :, None, None])

    picture = None
    for block, out in enumerate(channels):
        name = f"synthesis.b{4 * 2**block}"
        if block == 0:
            x = w.get(f"{name}.const", [out, 4, 4], 1.0).expand(2, -1, -1, -1)
        else:
            x = layer(f"{name}.conv0", x, out, True)
        x = layer(f"{name}.conv1", x, out, False)
        styles = affine(f"{name}.torgb", style, out) / math.sqrt(out)
        weight = w.get(f"{name}.torgb.weight", [3, out, 1, 1], 1.0)
        said = F.conv2d(x * styles[:, :, None, None], weight, w.get(f"{name}.torgb.bias", [3]))
        picture = said if picture is None else doubled(picture) + said
    return recorded(w, z, picture)


def normalised(weight, u):
    """The weight over sigma after one step of the power iteration from u."""
    matrix = weight.reshape(weight.shape[0], -1)
    v = F.normalize(u @ matrix)
    again = F.normalize(v @ matrix.t())
    return weight / (v @ matrix.t() @ again.t()).squeeze()


def biggan():
    w = Weights()
    z_dim, channels, classes = 3, [4, 3, 2], 3

    def layer(name, shape):
        weight, u = w.get(f"{name}.weight", shape), w.get(f"{name}.u0", [1, shape[0]], 1.0)
        w.get(f"{name}.sv0", [1], 1.0)
        return normalised(weight, u), w.get(f"{name}.bias", [shape[0]])

    label = torch.tensor([2, 0])

    def norm(name, x):
        c = x.shape[1]
        mean, var = w.moments(name, c, ("stored_mean", "stored_var"))
        x = F.batch_norm(x, mean, var, None, None, False, 0, 1e-5)
        gain = 1 + w.get(f"{name}.gain.weight", [classes, c], 0.3)[label]
        return x * gain[:, :, None, None] + w.get(f"{name}.bias.weight", [classes, c], 0.2)[label][:, :, None, None]

    z = code_of([2, z_dim], 96)
    weight, bias = layer("linear", [channels[0] * 16, z_dim])
    x = F.linear(z, weight, bias).reshape(2, channels[0], 4, 4)
    for i, out in enumerate(channels[1:]):
        name = f"blocks.{i}.0"
        y = conv(up(F.relu(norm(f"{name}.bn1", x))), layer(f"{name}.conv1", [out, x.shape[1], 3, 3]))
        y = conv(F.relu(norm(f"{name}.bn2", y)), layer(f"{name}.conv2", [out, out, 3, 3]))
        x = y + conv(up(x), layer(f"{name}.conv_sc", [out, x.shape[1], 1, 1]))
    mean, var = w.moments("output_layer.0", channels[-1], ("stored_mean", "stored_var"))
    gain, bias = w.norm("output_layer.0", channels[-1], ("gain", "bias"))
    x = F.relu(F.batch_norm(x, mean, var, gain, bias, False, 0, 1e-5))
    return recorded(w, z, torch.tanh(conv(x, layer("output_layer.2", [3, channels[-1], 3, 3]))))


def biggan_deep():
    w = Weights()
    z_dim, embedding, classes, kept, row = 3, 2, 4, 51, 25
    blocks, before = [(8, 8, False), (8, 4, True)], 1

    def weight_of(name, shape):
        weight = w.get(f"{name}.weight_orig", shape)
        u, v = w.get(f"{name}.weight_u", [shape[0]], 1.0), w.get(f"{name}.weight_v", [math.prod(shape[1:])], 1.0)
        return weight / (u @ weight.reshape(shape[0], -1) @ v)

    def layer(name, shape, bias=True):
        return weight_of(name, shape), w.get(f"{name}.bias", [shape[0]]) if bias else None

    label = F.one_hot(torch.tensor([3, 1]), classes).double()
    z = code_of([2, z_dim], 97)
    cond = torch.cat([z, F.linear(label, w.get("embeddings.weight", [embedding, classes], 1.0))], 1)

    def norm(name, x):
        c = x.shape[1]
        mean = w.get(f"{name}.running_means", [kept, c], 0.2)[row]
        var = w.get(f"{name}.running_vars", [kept, c], 0.3, 1.0)[row]
        x = F.batch_norm(x, mean, var, None, None, False, 0, 1e-4)
        gain = 1 + F.linear(cond, weight_of(f"{name}.scale", [c, cond.shape[1]]))
        return x * gain[:, :, None, None] + F.linear(cond, weight_of(f"{name}.offset", [c, cond.shape[1]]))[:, :, None, None]

    def attention(name, x):
        n, c, h, s = x.shape
        own = lambda k, t, out: conv(t, layer(f"{name}.snconv1x1_{k}", [out, t.shape[1], 1, 1], False))  # noqa: E731
        theta = own("theta", x, c // 8).flatten(2)
        phi = F.max_pool2d(own("phi", x, c // 8), 2).flatten(2)
        g = F.max_pool2d(own("g", x, c // 2), 2).flatten(2)
        shares = torch.softmax(theta.transpose(1, 2) @ phi, 2)
        found = (g @ shares.transpose(1, 2)).reshape(n, c // 2, h, s)
        return x + w.get(f"{name}.gamma", [1], 0.5, 0.4) * own("o_conv", found, c)

    start = blocks[0][0]
    weight, bias = layer("generator.gen_z", [16 * start, cond.shape[1]])
    x = F.linear(cond, weight, bias).reshape(2, 4, 4, start).permute(0, 3, 1, 2)
    position = 0
    for at, (inputs, out, double) in enumerate(blocks):
        if at == before:
            x = attention(f"generator.layers.{position}", x)
            position += 1
        name = f"generator.layers.{position}"
        position += 1
        middle = inputs // 4
        y = conv(F.relu(norm(f"{name}.bn_0", x)), layer(f"{name}.conv_0", [middle, inputs, 1, 1]))
        y = F.relu(norm(f"{name}.bn_1", y))
        y = conv(up(y) if double else y, layer(f"{name}.conv_1", [middle, middle, 3, 3]))
        y = conv(F.relu(norm(f"{name}.bn_2", y)), layer(f"{name}.conv_2", [middle, middle, 3, 3]))
        y = conv(F.relu(norm(f"{name}.bn_3", y)), layer(f"{name}.conv_3", [out, middle, 1, 1]))
        x = x[:, :out]
        x = y + (up(x) if double else x)
    c = x.shape[1]
    mean = w.get("generator.bn.running_means", [kept, c], 0.2)[row]
    var = w.get("generator.bn.running_vars", [kept, c], 0.3, 1.0)[row]
    gain, bias = w.norm("generator.bn", c)
    x = F.relu(F.batch_norm(x, mean, var, gain, bias, False, 0, 1e-4))
    x = torch.tanh(conv(x, layer("generator.conv_to_rgb", [5, c, 3, 3]))[:, :3])
    return recorded(w, z, x)


def adapted():
    """A picture of the model, -1 to 1, at the sizes of data sets: grey, antialiased, in 0..1."""
    picture = values([1, 3, 8, 8], 98)
    grey = torch.tensor([0.299, 0.587, 0.114], dtype=torch.float64).reshape(1, 3, 1, 1)
    unit = ((picture + 1) / 2 * grey).sum(1, keepdim=True)
    return {
        f"{h}x{w}": flat(F.interpolate(unit, (h, w), mode="bilinear", antialias=True, align_corners=False))
        for h, w in ((5, 3), (8, 8), (12, 11))
    }


result = {
    "dcgan": dcgan(),
    "taesd": taesd("own"),
    "taesdDiffusers": taesd("diffusers"),
    "firstStage": first_stage("compvis"),
    "firstStageDiffusers": first_stage("diffusers"),
    "firstStageCodebook": first_stage("compvis", 5),
    "stylegan2": stylegan2(0),
    "stylegan2Classes": stylegan2(2),
    "biggan": biggan(),
    "bigganDeep": biggan_deep(),
    "adapted": adapted(),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
