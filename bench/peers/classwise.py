"""What dc and idc share: class by class, a distance of the gradients of real and synthetic images."""

import torch
from convnet import convnet
from gradient import DifferentiableGradient, MeanGradient
from synthetic_set import CLASSES, SyntheticSet
from variant import COMPILE, NETWORK, WORKERS


class Classwise:
    """Pieces are of the real and of the synthetic images; workers take whole classes."""

    options = {**NETWORK, "batch": [None, 32, 16, 8], **WORKERS, **COMPILE}

    def __init__(self, tensors, variant):
        self.variant = variant
        self.model = convnet(tensors, variant)
        self.parameters = list(self.model.parameters())
        self.mean = MeanGradient(self.model, variant.alone())
        self.own = DifferentiableGradient(self.model, variant)
        self.set = SyntheticSet(tensors, variant.memory_format)
        images = tensors["images"].to(memory_format=variant.memory_format).chunk(CLASSES)
        labels = tensors["realLabels"].long().chunk(CLASSES)
        self.real = [variant.pieces(x, y) for x, y in zip(images, labels)]

    def decode(self, stored):
        return stored

    def distance(self, synthetic, real):
        raise NotImplementedError

    def match(self, of_class):
        """The distance of one class and its gradient in what is stored of it."""
        c, stored = of_class
        _, real = self.mean(self.real[c])
        images = self.decode(stored)
        synthetic = self.own(self.parameters, images, torch.full([len(images)], c))
        distance = self.distance(synthetic, real)
        (gradient,) = torch.autograd.grad(distance, [stored])
        return distance.detach(), gradient

    def shares(self):
        """What is stored of each class when its turn comes."""
        return self.set.images.detach().chunk(CLASSES)

    def matched(self, classes=CLASSES):
        """The sum of distances and the gradients of some classes."""
        shares = [share.clone().requires_grad_() for share in self.shares()[:classes]]
        distances, gradients = zip(*self.variant.map(self.match, list(enumerate(shares))))
        return sum(distances), gradients

    def trial(self):
        """Two of the ten classes: what the search times."""
        self.matched(2)
