"""idc-step: the classes of IDC one after the other and the training step that follows. Stored images are cut into 2 x 2
tiles, each enlarged bilinearly to a whole image."""

import torch
from convnet import convnet
from gradient import mean_gradient
from torch.nn import functional as F

FACTOR = 2
CLASSES = 10


def decode(stored):
    """[n, C, H, W] -> [4n, C, H, W], tile by tile."""
    height, width = stored.shape[2:]
    h, w = height // FACTOR, width // FACTOR
    tiles = [
        stored[:, :, i * h : (i + 1) * h, j * w : (j + 1) * w] for i in range(FACTOR) for j in range(FACTOR)
    ]
    return F.interpolate(torch.cat(tiles), size=(height, width), mode="bilinear", align_corners=False)


class IdcStep:
    groupings = (None, 32)

    def __init__(self, tensors, layout, group):
        self.model = convnet(tensors, layout)
        self.parameters = list(self.model.parameters())
        real = tensors["images"].to(memory_format=layout).chunk(CLASSES)
        labels = tensors["labels"].long().chunk(CLASSES)
        self.count = len(real[0])
        size = group or self.count
        self.batches = [list(zip(x.split(size), y.split(size))) for x, y in zip(real, labels)]
        stored = tensors["synthetic"].chunk(CLASSES)
        self.stored = [x.to(memory_format=layout).requires_grad_() for x in stored]
        self.targets = [y[:1].expand(FACTOR * FACTOR * len(x)) for x, y in zip(stored, labels)]
        self.batch = tensors["batch"].to(memory_format=layout)
        self.batch_labels = tensors["batchLabels"].long()
        self.optimizer = torch.optim.SGD(
            self.model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4, foreach=True
        )

    def match(self, batches, stored, targets):
        real = mean_gradient(self.model, self.parameters, batches, self.count)
        loss = F.cross_entropy(self.model(decode(stored)), targets)
        synthetic = torch.autograd.grad(loss, self.parameters, create_graph=True)
        distance = sum((a - b).square().sum() for a, b in zip(synthetic, real) if a.dim() == 4)
        (gradient,) = torch.autograd.grad(distance, [stored])
        return distance.detach(), gradient

    def run(self):
        distances, gradients = zip(*map(self.match, self.batches, self.stored, self.targets))
        loss = F.cross_entropy(self.model(self.batch), self.batch_labels)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        out = {"distance": torch.stack(distances), "gradient": torch.cat(gradients)}
        for name, p in self.model.named_parameters():
            out[f"params.{name}"] = p
        return out
