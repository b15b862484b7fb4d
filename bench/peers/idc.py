"""idc-step: gradients of ten classes matched, an update after every class, a pass over real images that trains the network.
Stored images are cut into 2 x 2 tiles, each enlarged bilinearly to a whole image, and normalised."""

import torch
from classwise import Classwise
from synthetic_set import setting
from torch.nn import functional as F
from training_epoch import TrainingStep

FACTOR = 2


class Idc(Classwise):
    def __init__(self, tensors, variant):
        super().__init__(tensors, variant)
        self.centre, self.spread = (tensors[name][:, None, None] for name in ["mean", "std"])
        self.l1 = setting(tensors, "l1") == 1
        recipe = {"lr": "rate", "momentum": "momentum", "weight_decay": "weightDecay"}
        options = {option: setting(tensors, f"training.{name}") for option, name in recipe.items()}
        self.training = TrainingStep(self.model, variant, **options)
        self.training.start({n: tensors[f"trainingVelocity.{n}"] for n, _ in self.model.named_parameters()})
        images = tensors["trainingImages"].to(memory_format=variant.memory_format)
        labels = tensors["trainingLabels"].long()
        batch = int(setting(tensors, "training.batch"))
        self.batches = [variant.pieces(x, y) for x, y in zip(images.split(batch), labels.split(batch))]

    def decode(self, stored):
        """[n, C, H, W] -> [4n, C, H, W], tile by tile."""
        height, width = stored.shape[2:]
        h, w = height // FACTOR, width // FACTOR
        tiles = [
            stored[:, :, i * h : (i + 1) * h, j * w : (j + 1) * w] for i in range(FACTOR) for j in range(FACTOR)
        ]
        images = F.interpolate(torch.cat(tiles), size=(height, width), mode="bilinear", align_corners=False)
        return (images - self.centre) / self.spread

    def shares(self):
        """Momentum has carried a class on by as many updates as there are classes before it."""
        return self.set.coasted()

    def distance(self, synthetic, real):
        differences = (a - b for a, b in zip(synthetic, real) if a.dim() == 4)
        return sum((d.abs() if self.l1 else d.square()).sum() for d in differences)

    def run(self):
        loss, gradients = self.matched()
        self.set.update_by_class(gradients)
        for pieces in self.batches:
            self.training.run(pieces)
        return {"loss": loss, **self.set.state(), **self.training.state("params")}
