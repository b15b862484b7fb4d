"""dm-step: match the mean embeddings of ten classes, then one momentum step on the synthetic images."""

import torch
from convnet import convnet
from synthetic_set import CLASSES, SyntheticSet
from variant import COMPILE, NETWORK, WORKERS


class Dm:
    options = {**NETWORK, **WORKERS, **COMPILE}

    def __init__(self, tensors, variant):
        self.variant = variant
        self.embed = variant.compiled(convnet(tensors, variant).requires_grad_(False).embed)
        self.real = variant.pieces(tensors["images"].to(memory_format=variant.memory_format))
        self.set = SyntheticSet(tensors, variant.memory_format)

    def real_piece(self, images):
        with torch.no_grad():  # of this thread
            return self.embed(*images)

    def means(self, embeddings):
        embedded = torch.cat(list(embeddings))
        return embedded.view(CLASSES, -1, embedded.shape[1]).mean(1)

    def run(self):
        with torch.no_grad():
            real = self.means(self.variant.map(self.real_piece, self.real))
        pieces = self.variant.pieces(self.set.images)
        synthetic = self.means(self.variant.map(lambda images: self.embed(*images), pieces))
        loss = ((real - synthetic) ** 2).sum()
        self.set.update(self.set.gradients(loss))
        return {"loss": loss, **self.set.state()}
