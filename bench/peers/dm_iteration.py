"""dm-iteration-ipc10: match the mean embeddings of ten classes, then one momentum step on the synthetic images."""

import torch
from convnet import convnet
from variant import COMPILE, NETWORK, WORKERS

CLASSES = 10


class DmIteration:
    options = {**NETWORK, **WORKERS, **COMPILE}

    def __init__(self, tensors, variant):
        self.variant = variant
        self.embed = variant.compiled(convnet(tensors, variant).requires_grad_(False).embed)
        self.real = variant.pieces(tensors["images"].to(memory_format=variant.memory_format))
        self.synthetic = tensors["synthetic"].clone(memory_format=variant.memory_format).requires_grad_()
        self.optimizer = torch.optim.SGD([self.synthetic], lr=1.0, momentum=0.5)

    def real_piece(self, images):
        with torch.no_grad():  # of this thread
            return self.embed(*images)

    def means(self, embeddings):
        embedded = torch.cat(list(embeddings))
        return embedded.view(CLASSES, -1, embedded.shape[1]).mean(1)

    def run(self):
        with torch.no_grad():
            real = self.means(self.variant.map(self.real_piece, self.real))
        synthetic = self.means(self.variant.map(lambda images: self.embed(*images), self.variant.pieces(self.synthetic)))
        loss = ((real - synthetic) ** 2).sum()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return {"loss": loss, "gradient": self.synthetic.grad, "synthetic": self.synthetic}
