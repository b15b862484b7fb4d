"""Scores sets in five published layouts by PyTorch and, imported, by attar: means must lie within one standard deviation.

Run, after npm run build: ATTAR_DATA=… python3 golden/imports/score.py [--networks 8] [--width 32]
The sets hold a real image of each class of MNIST (of IDC four, in one stored image). PyTorch reads the original file and decodes it by
itself, then trains the field's ConvNet as `evaluate_synset` of VICO-UoE/DatasetCondensation does without augmentation; labels of KIP are
regressed on as FRePo's authors do. About ten minutes on two cores.
"""

import argparse
import gzip
import json
import os
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

mean, std = 0.1307, 0.3081


def idx(name):
    for path in sorted(pathlib.Path(os.environ["ATTAR_DATA"], "mnist").iterdir()):
        if path.name.replace(".", "-").startswith(name):
            raw = path.read_bytes()
            raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
            sizes = [int.from_bytes(raw[4 + 4 * i : 8 + 4 * i], "big") for i in range(raw[3])]
            return torch.from_numpy(np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(sizes).copy())
    raise SystemExit(f"no {name} in $ATTAR_DATA/mnist")


def network(width):
    return ConvNet(1, 3, width * 16, 10, width, "group_norm", "relu")


def train(images, labels, width, epochs=300):
    """The step schedule of the field: a pass more than its epochs, a tenth of the rate from ⌊epochs / 2⌋ + 2 on, afresh."""
    net = network(width)
    loss = F.cross_entropy
    for epoch in range(epochs + 1):
        if epoch in (0, epochs // 2 + 2):
            optimizer = torch.optim.SGD(net.parameters(), 0.01 if epoch == 0 else 0.001, 0.9, weight_decay=5e-4)
        optimizer.zero_grad()
        loss(net(images), labels).backward()
        optimizer.step()
    return net


def regress(images, labels, width, steps=1000):
    """Adam with a rate that rises over the first half, 500 steps at most, and falls by a cosine; squared error of the labels."""
    net = network(width)
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


def layouts(folder):
    """Writes each layout; gives its file, the options of the import, and what PyTorch trains on."""
    x, y = idx("train-images").float()[:, None] / 255, idx("train-labels").long()
    rows = torch.stack([torch.nonzero(y == c)[:5, 0] for c in range(10)])
    pixels, labels = x[rows[:, 0]], torch.arange(10)
    normal = (pixels - mean) / std
    torch.save({"data": [[normal, labels]], "accs_all_exps": {}}, folder / "res_DM_MNIST.pt")
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
        "vico": ("res_DM_MNIST.pt", [], lambda w: train(normal, labels, w)),
        "mtt": ("mtt", [], lambda w: train(normal, labels, w)),
        "dd-ranking": ("dd-ranking", [], lambda w: train(normal, logits.softmax(1), w)),
        "idc": ("data.pt", ["--factor", "2"], lambda w: train((decoded(stored, 2) - mean) / std, labels.repeat(4), w)),
        "kip": ("kip.npz", [], lambda w: regress(normal, values, w)),
    }


def attar(*words):
    done = subprocess.run(["node", root / "dist/cli/main.js", *map(str, words), "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--networks", type=int, default=8)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    torch.manual_seed(0)
    tested = (idx("t10k-images").float()[:, None] / 255 - mean) / std
    truth = idx("t10k-labels").long()
    apart = []
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        for name, (file, options, fit) in layouts(folder).items():
            if asked.only and name not in asked.only.split(","):
                continue
            theirs = []
            for _ in range(asked.networks):
                net = fit(asked.width)
                with torch.no_grad():
                    right = sum((net(t).argmax(1) == l).sum().item() for t, l in zip(tested.split(1000), truth.split(1000)))
                theirs.append(right / len(truth))
            out = folder / f"{name}-set"
            attar("benchmark", "import", folder / file, "--as", name, "--on", "mnist", "--out", out, *options)
            words = ["--on", "mnist", "--nets", f"convnet:width={asked.width}", "--repeats", asked.networks]
            own = attar("evaluate", out, *words, "--baselines", "none", "--augmentation", "none")["results"][0]["accuracy"]
            spread = max(own["std"], statistics.stdev(theirs))
            apart.append(abs(own["mean"] - statistics.mean(theirs)) / spread)
            print(
                f"{name:10}  PyTorch {100 * statistics.mean(theirs):.2f} ± {100 * statistics.stdev(theirs):.2f} %"
                f"  attar {100 * own['mean']:.2f} ± {100 * own['std']:.2f} %  {apart[-1]:.2f} deviations apart",
                flush=True,
            )
    sys.exit(0 if max(apart) <= 1 else 1)
