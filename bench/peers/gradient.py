"""gradient-256: gradient of the mean cross-entropy with respect to all weights."""

import torch
from convnet import convnet
from torch.nn import functional as F


def mean_gradient(model, parameters, batches, count):
    """Σ over batches of the summed loss's gradient, divided by the number of images. No graph is kept."""
    total = None
    for images, labels in batches:
        loss = F.cross_entropy(model(images), labels, reduction="sum") / count
        gradient = torch.autograd.grad(loss, parameters)
        total = gradient if total is None else torch._foreach_add(total, gradient)
    return total


class Gradient:
    groupings = (None, 32)

    def __init__(self, tensors, layout, group):
        self.model = convnet(tensors, layout)
        self.names, self.parameters = zip(*self.model.named_parameters())
        images = tensors["images"].to(memory_format=layout)
        labels = tensors["labels"].long()
        self.count = len(images)
        size = group or self.count
        self.batches = list(zip(images.split(size), labels.split(size)))

    def run(self):
        gradient = mean_gradient(self.model, self.parameters, self.batches, self.count)
        return {f"gradient.{name}": g for name, g in zip(self.names, gradient)}
