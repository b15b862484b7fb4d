"""gradient-matching-step: one class of DC. The real gradient keeps no graph; the distance's gradient with respect to the
synthetic images goes back through theirs."""

import torch
from convnet import convnet
from gradient import mean_gradient
from torch.nn import functional as F


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
    groupings = (None, 32)

    def __init__(self, tensors, layout, group):
        self.model = convnet(tensors, layout)
        self.parameters = list(self.model.parameters())
        real = tensors["images"].to(memory_format=layout)
        labels = tensors["labels"].long()
        self.count = len(real)
        size = group or self.count
        self.batches = list(zip(real.split(size), labels.split(size)))
        self.synthetic = tensors["synthetic"].to(memory_format=layout).requires_grad_()
        self.targets = labels[:1].expand(len(self.synthetic))

    def run(self):
        real = mean_gradient(self.model, self.parameters, self.batches, self.count)
        loss = F.cross_entropy(self.model(self.synthetic), self.targets)
        synthetic = torch.autograd.grad(loss, self.parameters, create_graph=True)
        distance = layerwise_cosine(synthetic, real)
        (gradient,) = torch.autograd.grad(distance, [self.synthetic])
        return {"distance": distance, "gradient": gradient}
