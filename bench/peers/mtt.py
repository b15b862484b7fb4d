"""mtt-step: training on S at one learned rate, the normalised distance to an expert's later parameters, its gradient through
every step, a step of Adam."""

import torch
from convnet import convnet
from synthetic_set import SyntheticSet, labels_of, setting
from torch.nn import functional as F
from unrolled import UnrolledTraining
from variant import COMPILE, NETWORK


def square_distance(a, b):
    return sum(((p - q) ** 2).sum() for p, q in zip(a, b))


class Mtt:
    options = {**NETWORK, **COMPILE}

    def __init__(self, tensors, variant):
        self.training = UnrolledTraining(convnet(tensors, variant), variant)
        self.set = SyntheticSet(tensors, variant.memory_format)
        self.labels = labels_of(self.set.images)
        self.steps = int(setting(tensors, "steps"))
        self.target = self.training.tree(tensors, "target")
        self.way = square_distance(self.training.start, self.target)

    def after(self, steps):
        rate = F.softplus(self.set.variables["rates"])
        theta = self.training.train(self.set.images, self.labels, [rate] * steps)
        loss = square_distance(theta, self.target) / self.way
        return loss, self.set.gradients(loss)

    def trial(self):
        """Two of the steps: what the search times."""
        self.after(2)

    def run(self):
        loss, gradients = self.after(self.steps)
        self.set.update(gradients)
        return {"loss": loss, **self.set.state()}
