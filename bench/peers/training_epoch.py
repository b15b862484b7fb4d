"""training-epoch-100: one pass over 100 images in one batch: forward, backward, SGD with momentum and weight decay."""

import torch
from convnet import convnet
from torch.nn import functional as F


class TrainingEpoch:
    groupings = (None,)

    def __init__(self, tensors, layout, group):
        self.model = convnet(tensors, layout).train()
        self.images = tensors["images"].to(memory_format=layout)
        self.labels = tensors["labels"].long()
        self.optimizer = torch.optim.SGD(
            self.model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4, foreach=True
        )

    def run(self):
        loss = F.cross_entropy(self.model(self.images), self.labels)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        out = {"loss": loss}
        for name, p in self.model.named_parameters():
            out[f"params.{name}"] = p
            out[f"velocity.{name}"] = self.optimizer.state[p]["momentum_buffer"]
        return out
