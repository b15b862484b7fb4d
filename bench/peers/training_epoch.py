"""training-epoch-100: one pass over 100 images in one batch: forward, backward, SGD with momentum and weight decay."""

import torch
from convnet import convnet
from gradient import MeanGradient
from variant import COMPILE, NETWORK, WORKERS


class TrainingStep:
    """SGD steps on batches that are handed over in pieces."""

    def __init__(self, model, variant, lr=0.01, momentum=0.0, weight_decay=0.0):
        self.model = model
        self.mean = MeanGradient(model, variant)
        options = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "foreach": True}
        self.optimizer = torch.optim.SGD(model.parameters(), **options)

    def start(self, velocity):
        """Goes on from the momentum of every parameter."""
        for name, p in self.model.named_parameters():
            self.optimizer.state[p]["momentum_buffer"] = torch.empty_like(p).copy_(velocity[name])

    def run(self, pieces):
        """Steps and returns the loss before."""
        loss, gradient = self.mean(pieces)
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
        self.pieces = variant.pieces(images, tensors["labels"].long())
        self.step = TrainingStep(convnet(tensors, variant).train(), variant, momentum=0.9, weight_decay=5e-4)

    def run(self):
        return {"loss": self.step.run(self.pieces), **self.step.state("params", "velocity")}
