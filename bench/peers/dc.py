"""dc-step: gradients of ten classes matched, a momentum step on the synthetic images, the network trained on them."""

import torch
from classwise import Classwise
from gradient_matching import layerwise_cosine
from synthetic_set import labels_of, setting
from training_epoch import TrainingStep


class Dc(Classwise):
    def __init__(self, tensors, variant):
        super().__init__(tensors, variant)
        self.epochs = int(setting(tensors, "epochs"))
        self.training = TrainingStep(self.model, variant, lr=setting(tensors, "training.rate"))

    def distance(self, synthetic, real):
        return layerwise_cosine(synthetic, real)

    def run(self):
        loss, gradients = self.matched()
        self.set.update([torch.cat(gradients)])
        images = self.set.images.detach()
        pieces = self.variant.pieces(images, labels_of(images))
        for _ in range(self.epochs):
            self.training.run(pieces)
        return {"loss": loss, **self.set.state(), **self.training.state("params")}
