"""DP-SGD on the whole training split, beside sets that are condensed with the same ε. Writes docs/results/dp-sgd.json.

    npm run build && ATTAR_DATA=... python3 bench/dpSgd/run.py [mnist] [fashion-mnist] [--epsilon 1 10] [--seeds 3]
    python3 bench/dpSgd/run.py mnist --holdout      # on 5,000 rows of the training split, for choosing settings; writes nothing

What a network trained on a private set reaches is held against a network that is trained on T itself under the same (ε, δ) of one
labelled image more or less: Poisson sampling, the gradient of each sample clipped, Gaussian noise on the sum (Abadi et al. 2016), a
small network with tanh (Papernot et al. 2021). σ is that of `attar privacy sigma`. Noise is PyTorch's, in floats: an experiment, no
release. Settings were chosen on held-out rows of MNIST's training split and are used for both datasets.
Needs PyTorch and NumPy; datasets are IDX files in $ATTAR_DATA/NAME.
"""

import argparse
import gzip
import json
import math
import os
import platform
import subprocess
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

root = Path(__file__).resolve().parents[2]
results = root / "docs/results/dp-sgd.json"
delta = 1e-5
# Images of a step on average, epochs, clip and rate; of both datasets the same.
settings = {
    1: {"batch": 1024, "epochs": 8, "clip": 0.5, "rate": 2.0},
    10: {"batch": 1024, "epochs": 12, "clip": 0.5, "rate": 2.0},
}

def idx(path):
    with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
        data = file.read()
    shape = [int.from_bytes(data[4 + 4 * k : 8 + 4 * k], "big") for k in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def load(name):
    """Training and test images of 0 to 1, [n, 1, 28, 28], with labels."""
    folder = Path(os.environ["ATTAR_DATA"]) / name
    read = lambda part, what: idx(next(folder.glob(f"{part}-{what}-idx*-ubyte*")))
    parts = [(read(part, "images") / 255, read(part, "labels")) for part in ("train", "t10k")]
    return [(torch.tensor(x, dtype=torch.float32).unsqueeze(1), torch.tensor(y.astype(np.int64))) for x, y in parts]


class Layer:
    """A convolution, or a linear layer where its kernel is None; its gradient can be had sample by sample."""

    def __init__(self, outputs, inputs, kernel=None, stride=1, padding=0):
        fan = inputs * (kernel or 1) ** 2
        self.kernel, self.stride, self.padding = kernel, stride, padding
        self.weight = (torch.rand(outputs, fan) * 2 - 1) / math.sqrt(fan)
        self.bias = (torch.rand(outputs) * 2 - 1) / math.sqrt(fan)

    def __call__(self, x):
        """Outputs before activation, which know what they are made of: patches [n, fan, places]."""
        if self.kernel is None:
            self.patches = x.flatten(1).unsqueeze(2)
            out = (self.patches.squeeze(2) @ self.weight.T + self.bias)
        else:
            self.patches = F.unfold(x, self.kernel, padding=self.padding, stride=self.stride)
            side = math.isqrt(self.patches.shape[2])
            out = (self.weight @ self.patches + self.bias[:, None]).reshape(len(x), -1, side, side)
        self.out = out.detach().requires_grad_() if not out.requires_grad else out
        return self.out

    def gradients(self, slope):
        """Of every sample: weights [n, outputs, fan] and biases [n, outputs]."""
        slope = slope.reshape(len(slope), len(self.bias), -1)
        return slope @ self.patches.detach().transpose(1, 2), slope.sum(2)


class Network:
    """Two layers of tanh convolutions and one of units: 26,010 parameters."""

    def __init__(self):
        self.layers = [Layer(16, 1, 8, 2, 2), Layer(32, 16, 4, 2), Layer(32, 512), Layer(10, 32)]

    def logits(self, x):
        a, b, c, d = self.layers
        x = F.max_pool2d(torch.tanh(a(x)), 2, 1)
        x = F.max_pool2d(torch.tanh(b(x)), 2, 1)
        return d(torch.tanh(c(x)))

    def clipped(self, x, y, clip):
        """The sum over samples of their gradients, each clipped to a norm over all parameters."""
        loss = F.cross_entropy(self.logits(x), y, reduction="sum")
        slopes = torch.autograd.grad(loss, [layer.out for layer in self.layers])
        each = [g for layer, slope in zip(self.layers, slopes) for g in layer.gradients(slope)]
        norms = torch.stack([g.reshape(len(x), -1).pow(2).sum(1) for g in each]).sum(0).sqrt()
        scale = (clip / (norms + 1e-12)).clamp(max=1)
        return [torch.tensordot(scale, g, dims=1) for g in each]

    def tensors(self):
        return [t for layer in self.layers for t in (layer.weight, layer.bias)]


def sigma_of(epsilon, rate, steps, delta):
    words = ["node", root / "dist/cli/main.js", "privacy", "sigma", "--epsilon", epsilon, "--q", rate, "--steps", steps]
    done = subprocess.run(list(map(str, [*words, "--delta", delta, "--json"])), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def trained(train, test, how, sigma, seed):
    """Accuracy on the test images after the last step."""
    torch.manual_seed(seed)
    x, y = train
    net = Network()
    rate = how["batch"] / len(y)
    velocity = [torch.zeros_like(t) for t in net.tensors()]
    for _ in range(how["steps"]):
        rows = (torch.rand(len(y)) < rate).nonzero().squeeze(1)
        total = [torch.zeros_like(t) for t in net.tensors()]
        for own in rows.split(256):
            for sum_, more in zip(total, net.clipped(x[own], y[own], how["clip"])):
                sum_ += more
        for tensor, sum_, before in zip(net.tensors(), total, velocity):
            noised = sum_ + sigma * how["clip"] * torch.randn_like(sum_)
            before.mul_(0.9).add_(noised / how["batch"], alpha=0.1)
            tensor -= how["rate"] * before
    right = sum((net.logits(a).argmax(1) == b).sum().item() for a, b in zip(test[0].split(1000), test[1].split(1000)))
    return right / len(test[1])


def commit():
    git = lambda *words: subprocess.run(["git", "-C", root, *words], capture_output=True, text=True).stdout.strip()
    return git("rev-parse", "HEAD")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=["mnist", "fashion-mnist"])
    parser.add_argument("--epsilon", nargs="*", type=int, default=[1, 10])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--holdout", action="store_true")
    parser.add_argument("--set", nargs="*", default=[])
    asked = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("THREADS", "1")))
    kept = json.loads(results.read_text()) if results.exists() else {"rows": []}
    for name in asked.names:
        train, test = load(name)
        if asked.holdout:
            test, train = tuple(t[-5000:] for t in train), tuple(t[:-5000] for t in train)
        for epsilon in asked.epsilon:
            how = dict(settings[epsilon])
            how.update({key: float(value) for key, value in (pair.split("=") for pair in asked.set)})
            how["batch"] = int(how["batch"])
            how["steps"] = math.ceil(how.pop("epochs") * len(train[1]) / how["batch"])
            spent = sigma_of(epsilon, how["batch"] / len(train[1]), how["steps"], delta)
            for seed in range(asked.seeds):
                begun = time.perf_counter()
                accuracy = trained(train, test, how, spent["sigma"], seed)
                row = {"dataset": name, "epsilon": epsilon, "delta": delta, "upper": spent["upper"], **how}
                row |= {"sigma": spent["sigma"], "seed": seed, "accuracy": accuracy, "seconds": time.perf_counter() - begun}
                print(json.dumps(row), flush=True)
                if asked.holdout:
                    continue
                row |= {"commit": commit(), "torch": torch.__version__, "machine": platform.machine()}
                same = lambda other: all(other[key] == row[key] for key in ("dataset", "epsilon", "seed"))
                kept["rows"] = [other for other in kept["rows"] if not same(other)] + [row]
                results.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
