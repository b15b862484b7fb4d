"""cgan-step-128: a training step of a conditional GAN and one of its critic on 128 images: forward, backward, Adam."""

import torch
from torch.nn import functional as F
from variant import COMPILE

REAL = 0.9


class AdversarialStep:
    # In another layout rounding at the corners of its rectifiers goes farther than is tolerated, and there is no smooth form of it.
    options = {**COMPILE}

    def __init__(self, tensors, variant):
        self.form = variant.memory_format
        self.params, self.critic = (self.own(tensors, head, variant) for head in ("params.", "critic."))
        self.images = tensors["images"].contiguous(memory_format=self.form)
        self.classes = tensors["labels"].long()
        self.labels = F.one_hot(self.classes).to(self.images.dtype)
        self.noise = tensors["noise"]
        self.mean, self.std = (float(tensors[f"settings.{name}"]) for name in ("mean", "std"))
        rate = float(tensors["settings.rate"])
        self.players = [
            torch.optim.Adam(own.values(), lr=rate, betas=(0.5, 0.999), foreach=True)
            for own in (self.critic, self.params)
        ]
        depth = sum(name.startswith("decoder") and name.endswith("weight") for name in self.params)
        self.sides = [-(-self.images.shape[2] // 2 ** (depth - 1 - i)) for i in range(depth)]
        channels = [self.params[f"norm{i + 1}.weight"].shape[0] for i in range(depth)]
        # Running moments, which both sides keep.
        self.moments = [
            tuple(torch.full((c,), v, dtype=variant.dtype) for v in (0.0, 1.0)) for c in channels
        ]
        self.critic_loss, self.fooling = variant.compiled(self.critic_loss), variant.compiled(self.fooling)

    def own(self, tensors, head, variant):
        found = {}
        for name, t in tensors.items():
            if name.startswith(head):
                own = t.to(variant.dtype, copy=True)
                if own.ndim == 4:
                    own = own.contiguous(memory_format=variant.memory_format)
                found[name.removeprefix(head)] = own.requires_grad_(True)
        return found

    def made(self):
        p = self.params
        h = F.linear(torch.cat([self.noise, self.labels], 1), p["decoder1.weight"], p["decoder1.bias"])
        h = h.reshape(len(h), -1, self.sides[0], self.sides[0]).contiguous(memory_format=self.form)
        for i, side in enumerate(self.sides):
            if i > 0:
                h = F.interpolate(h, scale_factor=2, mode="nearest")[:, :, :side, :side]
                h = F.conv2d(h, p[f"decoder{i + 1}.weight"], padding=1)
            weight, bias = p[f"norm{i + 1}.weight"], p[f"norm{i + 1}.bias"]
            h = F.relu(F.batch_norm(h, *self.moments[i], weight, bias, training=True))
        h = torch.tanh(F.conv2d(h, p["output.weight"], p["output.bias"], padding=1))
        return ((h + 1) / 2 - self.mean) / self.std

    def judged(self, x):
        p, k = self.critic, 1
        while f"critic{k}.weight" in p:
            x = F.conv2d(x, p[f"critic{k}.weight"], p[f"critic{k}.bias"], stride=2, padding=1)
            if k > 1:
                weight = p[f"norm{k}.weight"]
                x = F.layer_norm(x, weight.shape, weight, p[f"norm{k}.bias"])
            x, k = F.leaky_relu(x, 0.2), k + 1
        x = x.flatten(1)
        return tuple(F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"]) for name in ("score", "class"))

    def critic_loss(self):
        with torch.no_grad():
            fake = self.made()
        real, real_class = self.judged(self.images)
        fake, fake_class = self.judged(fake)
        told = F.cross_entropy(real_class, self.classes) + F.cross_entropy(fake_class, self.classes)
        return (F.softplus(real) - REAL * real).mean() + F.softplus(fake).mean() + told

    def fooling(self):
        score, classes = self.judged(self.made())
        return F.softplus(-score).mean() + F.cross_entropy(classes, self.classes)

    def run(self):
        critic, generator = self.players
        critic.zero_grad()
        self.critic_loss().backward()
        critic.step()
        for p in self.critic.values():
            p.requires_grad_(False)
        generator.zero_grad()
        loss = self.fooling()
        loss.backward()
        generator.step()
        for p in self.critic.values():
            p.requires_grad_(True)
        return {
            "loss": loss.detach(),
            **{f"params.{name}": p.detach() for name, p in self.params.items()},
            **{f"critic.{name}": p.detach() for name, p in self.critic.items()},
        }
