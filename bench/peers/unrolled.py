"""Training as a differentiable function: plain SGD steps whose graphs are kept."""

import torch
from convnet import convnet
from gradient import DifferentiableGradient


class UnrolledTraining:
    def __init__(self, tensors, variant, rate):
        model = convnet(tensors, variant)
        self.names = [name for name, _ in model.named_parameters()]
        self.start = [p.detach() for p in model.parameters()]
        self.gradients = DifferentiableGradient(model, variant)
        self.images = tensors["images"].to(memory_format=variant.memory_format).requires_grad_()
        self.labels = tensors["labels"].long()
        self.steps = int(tensors["steps"][0])
        self.rate = torch.tensor(rate, dtype=self.images.dtype, requires_grad=True)

    def tree(self, tensors, prefix):
        return [tensors[f"{prefix}.{name}"] for name in self.names]

    def train(self, steps):
        theta = [p.clone().requires_grad_() for p in self.start]
        for _ in range(steps):
            gradient = self.gradients(theta, self.images, self.labels)
            theta = [p - self.rate * g for p, g in zip(theta, gradient)]
        return theta

    def gradient(self, value):
        return dict(zip(["gradient", "rate"], torch.autograd.grad(value, [self.images, self.rate])))
