"""idc-step: one class of IDC and the training step that follows it. Stored images are cut into 2 x 2 tiles, each enlarged
bilinearly to a whole image."""

import torch
from gradient import mean_gradient
from gradient_matching import GradientMatchingStep
from torch.nn import functional as F

FACTOR = 2


def decode(stored):
    """[n, C, H, W] -> [4n, C, H, W], tile by tile."""
    height, width = stored.shape[2:]
    h, w = height // FACTOR, width // FACTOR
    tiles = [
        stored[:, :, i * h : (i + 1) * h, j * w : (j + 1) * w] for i in range(FACTOR) for j in range(FACTOR)
    ]
    return F.interpolate(torch.cat(tiles), size=(height, width), mode="bilinear", align_corners=False)


class IdcStep(GradientMatchingStep):
    def __init__(self, tensors, layout, group):
        super().__init__(tensors, layout, group)
        labels = tensors["labels"].long()
        self.targets = labels[:1].expand(FACTOR * FACTOR * len(self.synthetic))
        self.batch = tensors["batch"].to(memory_format=layout)
        self.batch_labels = tensors["batchLabels"].long()
        self.optimizer = torch.optim.SGD(
            self.model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4, foreach=True
        )

    def run(self):
        real = mean_gradient(self.model, self.parameters, self.batches, self.count)
        loss = F.cross_entropy(self.model(decode(self.synthetic)), self.targets)
        synthetic = torch.autograd.grad(loss, self.parameters, create_graph=True)
        distance = sum((a - b).square().sum() for a, b in zip(synthetic, real) if a.dim() == 4)
        (gradient,) = torch.autograd.grad(distance, [self.synthetic])
        loss = F.cross_entropy(self.model(self.batch), self.batch_labels)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        out = {"distance": distance.detach(), "gradient": gradient}
        for name, p in self.model.named_parameters():
            out[f"params.{name}"] = p
        return out
