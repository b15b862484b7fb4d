"""features-256: embeddings of a batch, no gradient."""

import torch
from convnet import convnet


class Features:
    groupings = (None, 32)

    def __init__(self, tensors, layout, group):
        self.model = convnet(tensors, layout).eval()
        images = tensors["images"].to(memory_format=layout)
        self.batches = images.split(group or len(images))

    @torch.inference_mode()
    def run(self):
        return {"features": torch.cat([self.model.embed(batch) for batch in self.batches])}
