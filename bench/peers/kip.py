"""kip-step: kernel ridge regression on S, its squared error on T against centred labels, a step of Adam on images and labels."""

import torch
from kernel_ridge import KernelRidge
from synthetic_set import CLASSES, SyntheticSet
from torch.nn import functional as F
from variant import BATCH, COMPILE


class Kip(KernelRidge):
    """Pieces are of the real images. K_SS and its equations are in float64, what touches real images in float32."""

    options = {**BATCH, **COMPILE}
    precision = torch.float64

    def __init__(self, tensors, variant):
        targets = F.one_hot(tensors["realLabels"].long(), CLASSES).to(variant.dtype) - 1 / CLASSES
        self.prepare(tensors["images"], targets, len(targets), variant)
        self.set = SyntheticSet(tensors)

    def run(self):
        loss = self.outer(self.set.images.flatten(1), self.set.variables["labels"])
        self.set.update(self.set.gradients(loss))
        return {"loss": loss, **self.set.state()}
