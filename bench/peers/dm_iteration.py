"""dm-iteration-ipc10: match the mean embeddings of ten classes, then one momentum step on the synthetic images."""

import torch
from convnet import convnet


class DmIteration:
    groupings = (None, 64)  # all classes at once, or class by class

    def __init__(self, tensors, layout, group):
        self.model = convnet(tensors, layout).requires_grad_(False)
        self.classes = 10
        self.by_class = group is not None
        self.real = tensors["images"].to(memory_format=layout)
        self.synthetic = tensors["synthetic"].clone(memory_format=layout).requires_grad_()
        self.optimizer = torch.optim.SGD([self.synthetic], lr=1.0, momentum=0.5)

    def means(self, images):
        if self.by_class:
            return torch.stack([self.model.embed(x).mean(0) for x in images.chunk(self.classes)])
        embedded = self.model.embed(images)
        return embedded.view(self.classes, -1, embedded.shape[1]).mean(1)

    def run(self):
        with torch.no_grad():
            real = self.means(self.real)
        loss = ((real - self.means(self.synthetic)) ** 2).sum()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return {"loss": loss, "gradient": self.synthetic.grad, "synthetic": self.synthetic}
