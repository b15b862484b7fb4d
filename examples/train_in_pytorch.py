"""Trains PyTorch networks on a condensed set and tests them: a reader that shares no code with attar.

    python examples/train_in_pytorch.py runs/mnist --data <folder with the four MNIST IDX files> [--epochs 1000] [--repeats 2]

Reads condensed.safetensors (or a run folder) alone: images in the training normalisation, labels, and the normalisation of
the test images from its metadata. The protocol is the field's (Zhao and Bilen's evaluation): ConvNet-3 of width 128, SGD with
momentum 0.9 and weight decay 5e-4, learning rate 0.01 divided by ten at half, one siamese operator a batch, last epoch.
"""

import argparse
import gzip
import json
import math
import pathlib
import struct

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("set", type=pathlib.Path)
parser.add_argument("--data", type=pathlib.Path, required=True)
parser.add_argument("--epochs", type=int, default=1000)
parser.add_argument("--repeats", type=int, default=2)
args = parser.parse_args()

TYPES = {"F32": np.float32, "I64": np.int64}


def safetensors(path):
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    body = raw[8 + length :]
    arrays = {
        name: np.frombuffer(body[slice(*t["data_offsets"])], TYPES[t["dtype"]]).reshape(t["shape"])
        for name, t in header.items()
    }
    return arrays, metadata


def idx(name):
    path = args.data / name
    raw = path.read_bytes() if path.exists() else gzip.decompress(path.with_name(name + ".gz").read_bytes())
    dims = struct.unpack(f">{raw[3]}I", raw[4 : 4 + 4 * raw[3]])
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(dims)


path = args.set / "condensed.safetensors" if args.set.is_dir() else args.set
arrays, metadata = safetensors(path)
images, labels = torch.tensor(arrays["images"]), torch.tensor(arrays["labels"])
classes = len(json.loads(metadata["classes"]))
mean, std = (torch.tensor(json.loads(metadata[k])).view(1, -1, 1, 1) for k in ("mean", "std"))
test = (torch.tensor(idx("t10k-images-idx3-ubyte")).float()[:, None] / 255 - mean) / std
test_labels = torch.tensor(idx("t10k-labels-idx1-ubyte")).long()


class ConvNet(nn.Sequential):
    def __init__(self, channels, side, classes, width=128):
        layers = []
        for block in range(3):
            pad = 3 if block == 0 and channels == 1 and side == 28 else 1
            layers += [nn.Conv2d(channels if block == 0 else width, width, 3, padding=pad)]
            layers += [nn.GroupNorm(width, width), nn.ReLU(), nn.AvgPool2d(2)]
        side = 32 if channels == 1 and side == 28 else side
        super().__init__(*layers, nn.Flatten(), nn.Linear(width * (side // 8) ** 2, classes))


def uniform(n, low, high):
    return torch.rand(n) * (high - low) + low


def warp(x, theta):
    grid = F.affine_grid(theta, x.shape, align_corners=False)
    return F.grid_sample(x, grid, padding_mode="zeros", align_corners=False)


def augment(x, strategy):
    """One operator for the batch, parameters for each image."""
    n, _, h, w = x.shape
    operator = strategy[torch.randint(len(strategy), ())]
    zero = torch.zeros(n)
    if operator == "color":
        x = x + uniform(n, -0.5, 0.5).view(-1, 1, 1, 1)
        grey = x.mean(1, keepdim=True)
        x = (x - grey) * uniform(n, 0, 2).view(-1, 1, 1, 1) + grey
        middle = x.mean([1, 2, 3], keepdim=True)
        return (x - middle) * uniform(n, 0.5, 1.5).view(-1, 1, 1, 1) + middle
    if operator == "crop":
        k = int(0.125 * h + 0.5)
        padded = F.pad(x, [k] * 4)
        dy, dx = torch.randint(0, 2 * k + 1, (n,)), torch.randint(0, 2 * k + 1, (n,))
        return torch.stack([padded[i, :, dy[i] : dy[i] + h, dx[i] : dx[i] + w] for i in range(n)])
    if operator == "cutout":
        side = int(0.5 * h + 0.5)
        top, left = (torch.randint(0, d + 1 - side % 2, (n, 1, 1, 1)) - side // 2 for d in (h, w))
        rows, columns = torch.arange(h).view(1, 1, -1, 1), torch.arange(w).view(1, 1, 1, -1)
        inside = (rows >= top) & (rows < top + side) & (columns >= left) & (columns < left + side)
        return torch.where(inside, 0.0, x)
    if operator == "flip":
        return torch.where((torch.rand(n) < 0.5).view(-1, 1, 1, 1), x.flip(3), x)
    if operator == "scale":
        sx, sy = uniform(n, 1 / 1.2, 1.2), uniform(n, 1 / 1.2, 1.2)
        return warp(x, torch.stack([torch.stack([sx, zero, zero], 1), torch.stack([zero, sy, zero], 1)], 1))
    a = uniform(n, -15, 15) * math.pi / 180
    c, s = a.cos(), a.sin()
    return warp(x, torch.stack([torch.stack([c, -s, zero], 1), torch.stack([s, c, zero], 1)], 1))


scores = []
for repeat in range(args.repeats):
    torch.manual_seed(repeat)
    net = ConvNet(images.shape[1], images.shape[2], classes)
    optimizer = torch.optim.SGD(net.parameters(), 0.01, momentum=0.9, weight_decay=5e-4)
    strategy = [o for o in metadata.get("augmentation", "").split("_") if o]
    for epoch in range(args.epochs + 1):
        for batch in torch.randperm(len(images)).split(256):
            x = augment(images[batch], strategy) if strategy else images[batch]
            optimizer.zero_grad()
            F.cross_entropy(net(x), labels[batch]).backward()
            optimizer.step()
        if epoch == args.epochs // 2 + 1:
            optimizer = torch.optim.SGD(net.parameters(), 0.001, momentum=0.9, weight_decay=5e-4)
    with torch.no_grad():
        right = sum((net(x).argmax(1) == y).sum().item() for x, y in zip(test.split(500), test_labels.split(500)))
    scores.append(right / len(test))
    print(f"network {repeat + 1}: {100 * scores[-1]:.2f} %", flush=True)
print(f"{100 * np.mean(scores):.2f} % +- {100 * np.std(scores, ddof=1) if len(scores) > 1 else 0:.2f}")
