"""denoiser-step-128: a training step of a latent diffusion's U-Net on 128 latents: forward, backward, Adam."""

import math

import torch
from torch.nn import functional as F
from variant import COMPILE, LAYOUT


def groups_of(channels):
    return next(g for g in range(8, 0, -1) if channels % g == 0)


class DenoiserStep:
    options = {**COMPILE, **LAYOUT}

    def __init__(self, tensors, variant):
        self.form = variant.memory_format
        self.params = {}
        for name, t in tensors.items():
            if name.startswith("params."):
                own = t.to(variant.dtype, copy=True)
                if own.ndim == 4:
                    own = own.contiguous(memory_format=self.form)
                self.params[name.removeprefix("params.")] = own.requires_grad_(True)
        self.latents = tensors["images"].contiguous(memory_format=self.form)
        self.labels = tensors["labels"].long()
        self.noise, self.times, self.shares, self.labelled = (
            tensors[f"draws.{name}"] for name in ("noise", "times", "shares", "labelled")
        )
        self.width = self.params["unet.in.weight"].shape[0]
        names = {name.split(".")[1] for name in self.params if name.startswith("unet.down")}
        self.levels = len(names)
        self.blocks = len({n.split(".")[2] for n in self.params if n.startswith("unet.down1.") and n.split(".")[2].isdigit()})
        self.optimizer = torch.optim.Adam(self.params.values(), lr=float(tensors["settings.rate"]), foreach=True)
        self.loss = variant.compiled(self.denoising)

    def linear(self, name, x):
        return F.linear(x, self.params[f"{name}.weight"], self.params[f"{name}.bias"])

    def conv(self, name, x, stride=1):
        weight = self.params[f"{name}.weight"]
        return F.conv2d(x, weight, self.params[f"{name}.bias"], stride=stride, padding=weight.shape[2] // 2)

    def norm(self, name, x):
        weight, bias = self.params[f"{name}.weight"], self.params[f"{name}.bias"]
        return F.group_norm(x, groups_of(x.shape[1]), weight, bias, 1e-5)

    def block(self, name, x, embedding):
        h = self.conv(f"{name}.conv1", F.silu(self.norm(f"{name}.norm1", x)))
        scale, shift = self.linear(f"{name}.embedding", F.silu(embedding))[:, :, None, None].chunk(2, 1)
        h = self.norm(f"{name}.norm2", h) * (1 + scale) + shift
        straight = self.conv(f"{name}.shortcut", x) if f"{name}.shortcut.weight" in self.params else x
        return straight + self.conv(f"{name}.conv2", F.silu(h))

    def attention(self, name, x):
        name = f"{name}.attention"
        n, c, h, w = x.shape
        tokens = self.norm(f"{name}.norm", x).flatten(2).transpose(1, 2)
        q, k, v = (self.linear(f"{name}.{part}", tokens) for part in ("query", "key", "value"))
        mixed = self.linear(f"{name}.out", F.scaled_dot_product_attention(q, k, v))
        return x + mixed.transpose(1, 2).reshape(n, c, h, w)

    def embedding(self, condition):
        half = self.width // 2
        frequencies = torch.exp(-math.log(10000) * torch.arange(half, dtype=self.times.dtype) / half)
        angles = self.times[:, None] * frequencies
        waves = torch.cat([angles.cos(), angles.sin()], 1)
        return self.linear("unet.time2", F.silu(self.linear("unet.time1", waves))) + condition

    def unet(self, x, condition):
        embedding = self.embedding(condition)
        x = self.conv("unet.in", x)
        kept = [x]
        for level in range(1, self.levels + 1):
            for b in range(1, self.blocks + 1):
                name = f"unet.down{level}.{b}"
                x = self.block(name, x, embedding)
                x = self.attention(name, x) if level == self.levels else x
                kept.append(x)
            if level < self.levels:
                x = self.conv(f"unet.down{level}.half", x, 2)
                kept.append(x)
        x = self.attention("unet.middle1", self.block("unet.middle1", x, embedding))
        x = self.block("unet.middle2", x, embedding)
        for level in range(self.levels, 0, -1):
            for b in range(1, self.blocks + 2):
                name = f"unet.up{level}.{b}"
                x = self.block(name, torch.cat([x, kept.pop()], 1), embedding)
                x = self.attention(name, x) if level == self.levels else x
            if level > 1:
                x = self.conv(f"unet.up{level}.twice", F.interpolate(x, scale_factor=2, mode="nearest"))
        return self.conv("unet.out", F.silu(self.norm("unet.norm", x)))

    def denoising(self):
        share, shown = self.shares[:, None, None, None], self.labelled[:, None]
        z = share.sqrt() * self.latents + (1 - share).sqrt() * self.noise
        condition = self.params["classes.weight"][self.labels] * shown + self.params["noClass.weight"] * (1 - shown)
        return F.mse_loss(self.unet(z, condition), self.noise)

    def run(self):
        self.optimizer.zero_grad()
        loss = self.loss()
        loss.backward()
        self.optimizer.step()
        return {"loss": loss.detach(), **{f"params.{name}": p.detach() for name, p in self.params.items()}}
