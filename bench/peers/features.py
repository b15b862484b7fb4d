"""features-256: embeddings of a batch, no gradient."""

import torch
from convnet import convnet
from variant import COMPILE, NETWORK, WORKERS


class Features:
    options = {**NETWORK, **WORKERS, **COMPILE}

    def __init__(self, tensors, variant):
        self.variant = variant
        self.embed = variant.compiled(convnet(tensors, variant).eval().embed)
        self.pieces = variant.pieces(tensors["images"].to(memory_format=variant.memory_format))

    def piece(self, images):
        with torch.inference_mode():  # of this thread
            return self.embed(*images)

    def run(self):
        return {"features": torch.cat(list(self.variant.map(self.piece, self.pieces)))}
