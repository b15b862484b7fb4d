"""gradient-matching-step: the gradients of one class matched. The real gradient keeps no graph; the distance's gradient with respect to the
synthetic images goes back through theirs."""

from dataclasses import replace

import torch
from convnet import convnet
from gradient import DifferentiableGradient, MeanGradient
from variant import COMPILE, NETWORK, WORKERS


def layerwise_cosine(synthetic, real):
    """Σ over layers and output units of 1 − cos; tensors of one dimension are left out."""
    total = 0.0
    for a, b in zip(synthetic, real):
        if a.dim() < 2:
            continue
        a, b = a.flatten(1), b.flatten(1)
        total = total + (1 - (a * b).sum(1) / (a.norm(dim=1) * b.norm(dim=1) + 1e-6)).sum()
    return total


class GradientMatchingStep:
    """The ten synthetic images are never in pieces."""

    options = {**NETWORK, **WORKERS, **COMPILE}

    def __init__(self, tensors, variant):
        model = convnet(tensors, variant)
        self.parameters = list(model.parameters())
        labels = tensors["labels"].long()
        self.mean = MeanGradient(model, variant)
        self.own = DifferentiableGradient(model, replace(variant, batch=None))
        self.pieces = variant.pieces(tensors["images"].to(memory_format=variant.memory_format), labels)
        self.synthetic = tensors["synthetic"].to(memory_format=variant.memory_format).requires_grad_()
        self.targets = labels[:1].expand(len(self.synthetic)).contiguous()

    def run(self):
        _, real = self.mean(self.pieces)
        distance = layerwise_cosine(self.own(self.parameters, self.synthetic, self.targets), real)
        (gradient,) = torch.autograd.grad(distance, [self.synthetic])
        return {"distance": distance, "gradient": gradient}
