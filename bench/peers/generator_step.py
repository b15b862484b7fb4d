"""generator-step-128: a training step of a conditional VAE on 128 images: forward, backward, Adam."""

import torch
from torch.nn import functional as F
from variant import COMPILE

DIVERGENCE = 1.0


class GeneratorStep:
    options = {**COMPILE}

    def __init__(self, tensors, variant):
        self.params = {
            name.removeprefix("params."): t.to(variant.dtype, copy=True).requires_grad_(True)
            for name, t in tensors.items()
            if name.startswith("params.")
        }
        self.images = tensors["images"].flatten(1)
        self.labels = F.one_hot(tensors["labels"].long()).to(self.images.dtype)
        self.noise = tensors["noise"]
        self.mean, self.std = (float(tensors[f"settings.{name}"]) for name in ("mean", "std"))
        self.optimizer = torch.optim.Adam(self.params.values(), lr=float(tensors["settings.rate"]), foreach=True)
        self.loss = variant.compiled(self.evidence)

    def layer(self, name, x):
        return F.linear(x, self.params[f"{name}.weight"], self.params[f"{name}.bias"])

    def evidence(self, images, labels, noise):
        hidden = torch.cat([F.relu(self.layer("encoder1", images)), labels], 1)
        mean, log_variance = self.layer("mean", hidden), self.layer("logVariance", hidden)
        z = mean + torch.exp(0.5 * log_variance) * noise
        outputs = self.layer("output", F.relu(self.layer("decoder1", torch.cat([z, labels], 1))))
        pixels = images * self.std + self.mean
        reconstruction = F.binary_cross_entropy_with_logits(outputs, pixels, reduction="none").sum(1).mean()
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1).mean()
        return reconstruction + DIVERGENCE * kl

    def run(self):
        self.optimizer.zero_grad()
        loss = self.loss(self.images, self.labels, self.noise)
        loss.backward()
        self.optimizer.step()
        return {"loss": loss.detach(), **{f"params.{name}": p.detach() for name, p in self.params.items()}}
