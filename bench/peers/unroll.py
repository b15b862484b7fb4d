"""unroll-20 and unroll-200: the gradient of a linear function of the trained parameters, through every step."""

import torch
from convnet import convnet
from unrolled import UnrolledTraining
from variant import COMPILE, LAYOUT, NORM


class Unroll:
    """Four images: too few for pieces."""

    options = {**LAYOUT, **NORM, **COMPILE}

    def __init__(self, tensors, variant):
        self.training = UnrolledTraining(convnet(tensors, variant), variant)
        self.cotangent = self.training.tree(tensors, "cotangent")
        self.images = tensors["images"].to(memory_format=variant.memory_format).requires_grad_()
        self.labels = tensors["labels"].long()
        self.steps = int(tensors["steps"][0])
        self.rate = torch.tensor(0.001, requires_grad=True)

    def after(self, steps):
        trained = self.training.train(self.images, self.labels, [self.rate] * steps)
        value = sum((p * c).sum() for p, c in zip(trained, self.cotangent))
        return dict(zip(["gradient", "rate"], torch.autograd.grad(value, [self.images, self.rate])))

    def trial(self):
        """Five of the steps: what the search times."""
        self.after(5)

    def run(self):
        return self.after(self.steps)
