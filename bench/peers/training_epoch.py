"""training-epoch-100: one pass over 100 images in one batch: forward, backward, SGD with momentum and weight decay."""

import torch
from convnet import convnet
from gradient import MeanGradient
from variant import COMPILE, NETWORK, WORKERS


class TrainingStep:
    """A step of the field's training on one batch, handed over in pieces."""

    def __init__(self, model, variant, pieces):
        self.model = model
        self.pieces = pieces
        self.mean = MeanGradient(model, variant)
        self.optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4, foreach=True)

    def run(self):
        """Steps and returns the loss before."""
        loss, gradient = self.mean(self.pieces)
        for p, g in zip(self.model.parameters(), gradient):
            p.grad = g
        self.optimizer.step()
        return loss

    def state(self, *kinds):
        held = {"params": lambda p: p, "velocity": lambda p: self.optimizer.state[p]["momentum_buffer"]}
        return {f"{kind}.{name}": held[kind](p) for kind in kinds for name, p in self.model.named_parameters()}


class TrainingEpoch:
    options = {**NETWORK, **WORKERS, **COMPILE}

    def __init__(self, tensors, variant):
        images = tensors["images"].to(memory_format=variant.memory_format)
        pieces = variant.pieces(images, tensors["labels"].long())
        self.step = TrainingStep(convnet(tensors, variant).train(), variant, pieces)

    def run(self):
        return {"loss": self.step.run(), **self.step.state("params", "velocity")}
