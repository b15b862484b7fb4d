"""bptt-step: training on S at a learned rate a step, the loss on T, its gradient through every step, a step of Adam."""

import torch
from convnet import convnet
from synthetic_set import SyntheticSet, labels_of
from torch.func import functional_call
from torch.nn import functional as F
from unrolled import UnrolledTraining
from variant import COMPILE, NETWORK


class Bptt:
    """Pieces are of the real images and of those of S."""

    options = {**NETWORK, **COMPILE}

    def __init__(self, tensors, variant):
        self.model = convnet(tensors, variant)
        self.training = UnrolledTraining(self.model, variant)
        self.set = SyntheticSet(tensors, variant.memory_format)
        self.labels = labels_of(self.set.images)
        self.count = len(tensors["images"])
        real = tensors["images"].to(memory_format=variant.memory_format)
        self.real = variant.pieces(real, tensors["realLabels"].long())

    def outer(self, theta):
        """The mean loss on T and its gradient in the parameters."""
        theta = [p.detach().requires_grad_() for p in theta]
        parameters = dict(zip(self.training.names, theta))
        total, gradient = 0.0, [torch.zeros_like(p) for p in theta]
        for x, y in self.real:
            loss = F.cross_entropy(functional_call(self.model, parameters, (x,)), y, reduction="sum") / self.count
            total += loss.detach()
            torch._foreach_add_(gradient, torch.autograd.grad(loss, theta))
        return total, gradient

    def after(self, rates):
        theta = self.training.train(self.set.images, self.labels, F.softplus(rates))
        loss, gradient = self.outer(theta)
        return loss, sum((p * g).sum() for p, g in zip(theta, gradient))

    def trial(self):
        """Five of the steps: what the search times."""
        rates = self.set.variables["rates"][:5]
        torch.autograd.grad(self.after(rates)[1], [self.set.images, rates])

    def run(self):
        loss, value = self.after(self.set.variables["rates"])
        self.set.update(self.set.gradients(value))
        return {"loss": loss, **self.set.state()}
