"""idc-step: the classes of IDC and the training step that follows. Stored images are cut into 2 x 2 tiles, each enlarged
bilinearly to a whole image."""

import torch
from convnet import convnet
from gradient import DifferentiableGradient, MeanGradient
from torch.nn import functional as F
from training_epoch import TrainingStep
from variant import COMPILE, NETWORK, WORKERS

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
    """Pieces are of the real and of the decoded images; workers take whole classes."""

    options = {**NETWORK, "batch": [None, 32, 16, 8], **WORKERS, **COMPILE}

    def __init__(self, tensors, variant):
        self.variant = variant
        layout = {"memory_format": variant.memory_format}
        model = convnet(tensors, variant)
        self.parameters = list(model.parameters())
        self.mean = MeanGradient(model, variant.alone())
        self.own = DifferentiableGradient(model, variant)
        real = tensors["images"].to(**layout).chunk(CLASSES)
        labels = tensors["labels"].long().chunk(CLASSES)
        stored = [x.to(**layout).requires_grad_() for x in tensors["synthetic"].chunk(CLASSES)]
        targets = [y[:1].expand(FACTOR * FACTOR * len(x)).contiguous() for x, y in zip(stored, labels)]
        self.classes = list(zip([variant.pieces(x, y) for x, y in zip(real, labels)], stored, targets))
        batch = variant.pieces(tensors["batch"].to(**layout), tensors["batchLabels"].long())
        self.training = TrainingStep(model, variant, batch)

    def match(self, of_class):
        pieces, stored, targets = of_class
        _, real = self.mean(pieces)
        synthetic = self.own(self.parameters, decode(stored), targets)
        distance = sum((a - b).square().sum() for a, b in zip(synthetic, real) if a.dim() == 4)
        (gradient,) = torch.autograd.grad(distance, [stored])
        return distance.detach(), gradient

    def trial(self):
        """Two of the ten classes: what the search times."""
        list(self.variant.map(self.match, self.classes[:2]))

    def run(self):
        distances, gradients = zip(*self.variant.map(self.match, self.classes))
        self.training.run()
        return {
            "distance": torch.stack(distances),
            "gradient": torch.cat(gradients),
            **self.training.state("params"),
        }
