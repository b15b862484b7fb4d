"""gradient-256: gradient of the mean cross-entropy with respect to all weights; and the two forms in which steps use it."""

import torch
from convnet import convnet
from torch.func import functional_call
from torch.nn import functional as F
from variant import COMPILE, NETWORK, WORKERS


class MeanGradient:
    """Gradient of the mean loss of samples handed over in pieces. No graph is kept."""

    def __init__(self, model, variant):
        self.variant = variant
        self.parameters = list(model.parameters())
        self.loss = variant.compiled(lambda x, y: F.cross_entropy(model(x), y, reduction="sum"))

    def piece(self, samples):
        loss = self.loss(*samples)
        return loss.detach(), torch.autograd.grad(loss, self.parameters)

    def __call__(self, pieces):
        """The mean loss and its gradient."""
        loss, total = 0.0, None
        for part, gradient in self.variant.map(self.piece, pieces):
            loss = loss + part
            if total is None:
                total = gradient
            else:
                torch._foreach_add_(total, gradient)
        count = sum(len(labels) for _, labels in pieces)
        torch._foreach_div_(total, count)
        return loss / count, total


class DifferentiableGradient:
    """Gradient of the mean loss as a function that can itself be differentiated, images in pieces.

    torch.compile does not differentiate a compiled region twice; the gradient by torch.func.grad, compiled as one function,
    is differentiated once.
    """

    def __init__(self, model, variant):
        self.variant = variant
        self.names = [name for name, _ in model.named_parameters()]

        def loss(parameters, x, y):
            return F.cross_entropy(functional_call(model, dict(zip(self.names, parameters)), (x,)), y, reduction="sum")

        def by_autograd(parameters, x, y):
            return torch.autograd.grad(loss(parameters, x, y), parameters, create_graph=True)

        self.gradient = variant.compiled(torch.func.grad(loss)) if variant.compile else by_autograd

    def __call__(self, parameters, images, labels):
        total = None
        for x, y in self.variant.pieces(images, labels):
            gradient = self.gradient(parameters, x, y)
            total = gradient if total is None else [a + b for a, b in zip(total, gradient)]
        return [g / len(images) for g in total]


class Gradient:
    options = {**NETWORK, **WORKERS, **COMPILE}

    def __init__(self, tensors, variant):
        model = convnet(tensors, variant)
        self.names = [name for name, _ in model.named_parameters()]
        self.mean = MeanGradient(model, variant)
        self.pieces = variant.pieces(tensors["images"].to(memory_format=variant.memory_format), tensors["labels"].long())

    def run(self):
        _, gradient = self.mean(self.pieces)
        return {f"gradient.{name}": g for name, g in zip(self.names, gradient)}
