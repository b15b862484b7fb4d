"""Training as a differentiable function: plain SGD steps whose graphs are kept, by torch.func.functional_call."""

import torch
from convnet import convnet
from torch.func import functional_call
from torch.nn import functional as F


class UnrolledTraining:
    def __init__(self, tensors, layout, rate):
        self.model = convnet(tensors, layout)
        self.names = [name for name, _ in self.model.named_parameters()]
        self.start = [p.detach() for p in self.model.parameters()]
        self.images = tensors["images"].to(memory_format=layout).requires_grad_()
        self.labels = tensors["labels"].long()
        self.steps = int(tensors["steps"][0])
        self.rate = torch.tensor(rate, requires_grad=True)

    def tree(self, tensors, prefix):
        return [tensors[f"{prefix}.{name}"] for name in self.names]

    def train(self):
        theta = [p.clone().requires_grad_() for p in self.start]
        for _ in range(self.steps):
            logits = functional_call(self.model, dict(zip(self.names, theta)), (self.images,))
            gradient = torch.autograd.grad(F.cross_entropy(logits, self.labels), theta, create_graph=True)
            theta = [p - self.rate * g for p, g in zip(theta, gradient)]
        return theta

    def gradient(self, value):
        return dict(zip(["gradient", "rate"], torch.autograd.grad(value, [self.images, self.rate])))
