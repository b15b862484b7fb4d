"""Scores sets in five published layouts by PyTorch and, imported, by attar: means must lie within one standard deviation.

Run, after npm run build: python3 golden/imports/score.py [--on mnist] [--networks 8] [--width 32] [--epochs 300] [--only vico,idc]
The sets hold a real image of each class (of IDC four, in one stored image). PyTorch reads the original file and decodes it by itself, then
trains the field's ConvNet as `evaluate_synset` of VICO-UoE/DatasetCondensation does without augmentation; labels of KIP are regressed on as
FRePo's authors do. Of digits minutes on two idle cores, of MNIST half an hour.
"""

import argparse
import base64
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np
import torch
from torch.nn import functional as F

root = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(root / "bench" / "peers"))
from convnet import ConvNet  # noqa: E402

read = """
const { load } = await import(process.argv[1]);
const { train, test, shape, normalisation } = await load(process.argv[2]);
const of = ({ images, labels }) => [Float32Array.from(images, (v) => v / normalisation.scale), labels];
const text = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
const { mean, std } = normalisation;
console.log(JSON.stringify({ shape, mean: mean[0], std: std[0], arrays: [...of(train), ...of(test)].map(text) }));
"""


class Dataset:
    """Images in pixels of 0 to 1 and labels, as attar splits them."""

    def __init__(self, name):
        words = ["node", "--input-type=module", "-e", read, str(root / "dist/index.js"), name]
        told = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
        raw = [base64.b64decode(text) for text in told["arrays"]]
        self.name, self.shape, self.mean, self.std = name, told["shape"], told["mean"], told["std"]
        self.x, self.tx = (torch.from_numpy(np.frombuffer(r, np.float32).copy()).reshape(-1, *self.shape) for r in raw[::2])
        self.y, self.ty = (torch.from_numpy(np.frombuffer(r, np.int32).copy()).long() for r in raw[1::2])

    def normal(self, x):
        return (x - self.mean) / self.std

    def network(self, width):
        side = self.shape[1]
        padding = 3 if side == 28 else 1
        return ConvNet(1, padding, width * ((side + 2 * padding - 2) // 8) ** 2, 10, width, "group_norm", "relu")


def train(net, images, labels, epochs):
    """The step schedule of the field: a pass more than its epochs, a tenth of the rate from ⌊epochs / 2⌋ + 2 on, afresh."""
    loss = F.cross_entropy
    for epoch in range(epochs + 1):
        if epoch in (0, epochs // 2 + 2):
            optimizer = torch.optim.SGD(net.parameters(), 0.01 if epoch == 0 else 0.001, 0.9, weight_decay=5e-4)
        optimizer.zero_grad()
        loss(net(images), labels).backward()
        optimizer.step()
    return net


def regress(net, images, labels, steps):
    """Adam with a rate that rises over the first half, 500 steps at most, and falls by a cosine; squared error of the labels."""
    optimizer = torch.optim.Adam(net.parameters(), 3e-4)
    warm = min(500, steps / 2)
    for step in range(steps):
        rate = step / warm if step < warm else 0.01 + 0.495 * (1 + np.cos(np.pi * (step - warm) / (steps - warm)))
        optimizer.param_groups[0]["lr"] = 3e-4 * rate
        optimizer.zero_grad()
        (0.5 * ((net(images) - labels) ** 2).sum(1)).mean().backward()
        optimizer.step()
    return net


def decoded(stored, factor):
    side = stored.shape[-1] // factor
    tiles = [stored[:, :, i * side : (i + 1) * side, j * side : (j + 1) * side] for i in range(factor) for j in range(factor)]
    return torch.nn.Upsample(size=stored.shape[-1], mode="bilinear")(torch.cat(tiles))


def layouts(folder, data, epochs):
    """Writes each layout; gives its file, the options of the import, and how PyTorch trains a network on it."""
    x, y, mean, std = data.x, data.y, data.mean, data.std
    rows = torch.stack([torch.nonzero(y == c)[:5, 0] for c in range(10)])
    pixels, labels = x[rows[:, 0]], torch.arange(10)
    normal = (pixels - mean) / std
    torch.save({"data": [[normal, labels]], "accs_all_exps": {}}, folder / "res_DM.pt")
    for name in ("mtt", "dd-ranking"):
        (folder / name).mkdir()
    torch.save(normal, folder / "mtt" / "images_best.pt")
    torch.save(labels, folder / "mtt" / "labels_best.pt")
    logits = F.one_hot(labels, 10) * 4.0 + torch.sin(torch.arange(100.0)).reshape(10, 10)
    torch.save(normal, folder / "dd-ranking" / "images.pt")
    torch.save(logits, folder / "dd-ranking" / "labels.pt")
    four = [F.avg_pool2d(x[rows[:, 1 + k]], 2) for k in range(4)]
    stored = torch.cat([torch.cat(four[:2], 3), torch.cat(four[2:], 3)], 2)
    torch.save([stored, labels], folder / "data.pt")
    values = F.one_hot(labels, 10) - 0.1
    np.savez(folder / "kip.npz", images=normal.permute(0, 2, 3, 1).numpy(), labels=values.numpy())
    return {
        "vico": ("res_DM.pt", [], lambda net: train(net, normal, labels, epochs)),
        "mtt": ("mtt", [], lambda net: train(net, normal, labels, epochs)),
        "dd-ranking": ("dd-ranking", [], lambda net: train(net, normal, logits.softmax(1), epochs)),
        "idc": ("data.pt", ["--factor", "2"], lambda net: train(net, (decoded(stored, 2) - mean) / std, labels.repeat(4), epochs)),
        "kip": ("kip.npz", [], lambda net: regress(net, normal, values, epochs)),
    }


def attar(*words):
    done = subprocess.run(["node", root / "dist/cli/main.js", *map(str, words), "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", default="digits")
    parser.add_argument("--networks", type=int, default=8)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=300)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    torch.manual_seed(0)
    data = Dataset(asked.on)
    tested = data.normal(data.tx)
    apart = []
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        for name, (file, options, fit) in layouts(folder, data, asked.epochs).items():
            if asked.only and name not in asked.only.split(","):
                continue
            theirs = []
            for _ in range(asked.networks):
                net = fit(data.network(asked.width))
                with torch.no_grad():
                    right = sum((net(x).argmax(1) == y).sum().item() for x, y in zip(tested.split(1000), data.ty.split(1000)))
                theirs.append(right / len(data.ty))
            out = folder / f"{name}-set"
            attar("benchmark", "import", folder / file, "--as", name, "--on", asked.on, "--out", out, *options)
            words = ["--on", asked.on, "--nets", f"convnet:width={asked.width}", "--repeats", asked.networks]
            words += ["--epochs", asked.epochs, "--baselines", "none", "--augmentation", "none"]
            own = attar("evaluate", out, *words)["results"][0]["accuracy"]
            spread = max(own["std"], statistics.stdev(theirs))
            apart.append(abs(own["mean"] - statistics.mean(theirs)) / spread)
            print(
                f"{name:10}  PyTorch {100 * statistics.mean(theirs):.2f} ± {100 * statistics.stdev(theirs):.2f} %"
                f"  attar {100 * own['mean']:.2f} ± {100 * own['std']:.2f} %  {apart[-1]:.2f} deviations apart",
                flush=True,
            )
    sys.exit(0 if max(apart) <= 1 else 1)
