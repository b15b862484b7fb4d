"""Trains fresh networks on the condensed set beside this file and tests each once, after its last epoch, as `attar
evaluate` does. It needs PyTorch and safetensors alone (and NumPy for a test set in .npz).

    python train.py                          # on test.safetensors, where the export wrote one
    python train.py --test FOLDER            # on IDX files, as MNIST has them: t10k-images-idx3-ubyte, gzipped or not
    python train.py --test FILE.npz          # on its arrays x_test and y_test, or images and labels
    python train.py --net vgg11 --networks 3 --json

recipe.json says how: network, optimizer, schedule, augmentation, loss. condensed.safetensors is the set: images in the
training normalisation, labels hard or soft, a learned rate, whitening; in its metadata class names, means, deviations and
the scale of stored pixels.
"""

import argparse
import gzip
import json
import math
import struct
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from torch import nn

HERE = Path(__file__).resolve().parent


def refuse(sentence):
    sys.exit(f"train.py: {sentence}")


def read(path):
    """Tensors and metadata of a .safetensors file."""
    with safe_open(path, framework="pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}


# Networks. Layers have attar's names, with a dot after a block's; weights have PyTorch's shapes.

EPSILON = 1e-5
ACTIVATIONS = {
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "leakyrelu": lambda: nn.LeakyReLU(0.01),
    "swish": nn.SiLU,
    "softplus": lambda: nn.Softplus(beta=60),
}


def norm(kind, shape):
    channels = shape[0]
    if kind == "instance":
        return nn.GroupNorm(channels, channels, EPSILON)
    if kind == "group":
        return nn.GroupNorm(4, channels, EPSILON)
    if kind == "layer":
        return nn.LayerNorm(shape, EPSILON)
    return nn.BatchNorm2d(channels, EPSILON) if kind == "batch" else None


class Body(nn.Sequential):
    """Layers one after the other, and the shape of what comes out."""

    def __init__(self, shape):
        super().__init__()
        self.shape = tuple(shape)

    def add(self, name, layer):
        if layer is not None:
            self.add_module(name, layer)
            with torch.no_grad():
                layer.eval()
                self.shape = tuple(layer(torch.zeros(1, *self.shape)).shape[1:])
                layer.train()
        return self

    def conv(self, name, channels, kernel, padding=0, stride=1, bias=True):
        return self.add(name, nn.Conv2d(self.shape[0], channels, kernel, stride, padding, bias=bias))

    def block(self, i, channels, kernel, padding, options, window=(2, 2), bias=True):
        """Convolution, normalisation, activation and pooling."""
        self.conv(f"conv{i}", channels, kernel, padding, bias=bias)
        self.add(f"norm{i}", norm(options["normalisation"], self.shape))
        self.add(f"act{i}", ACTIVATIONS[options["activation"]]())
        pooling = {"avg": nn.AvgPool2d, "max": nn.MaxPool2d}.get(options["pooling"])
        return self.add(f"pool{i}", pooling and pooling(window))

    def dense(self, name, units):
        return self.add(name, nn.Linear(self.shape[0], units)).add(f"{name}_act", nn.ReLU())

    def flat(self):
        return self.add("flattened", nn.Flatten())


class Residual(nn.Module):
    """Two 3x3 convolutions beside the identity, or beside a 1x1 projection where the shape changes."""

    def __init__(self, shape, channels, stride, kind):
        super().__init__()
        self.shape = tuple(shape)
        main = Body(shape).conv("conv1", channels, 3, 1, stride, bias=False)
        self.conv1, self.norm1 = main.conv1, norm(kind, main.shape)
        self.conv2 = Body(main.shape).conv("conv2", channels, 3, 1, bias=False).conv2
        self.norm2 = norm(kind, main.shape)
        projects = stride != 1 or shape[0] != channels
        self.shortcut = nn.Conv2d(shape[0], channels, 1, stride, bias=False) if projects else None
        self.shortcutNorm = norm(kind, main.shape) if projects else None

    def forward(self, x):
        after = lambda layer, y: y if layer is None else layer(y)
        y = F.relu(after(self.norm1, self.conv1(x)))
        y = after(self.norm2, self.conv2(y))
        return F.relu(y + (x if self.shortcut is None else after(self.shortcutNorm, self.shortcut(x))))


def first_padding(shape):
    """3 brings grey 28x28 images to 32x32, elsewhere 1 keeps their size."""
    return 3 if tuple(shape) == (1, 28, 28) else 1


def convnet(shape, depth=3, width=128, growth=1, initialisation="he-uniform", **options):
    body = Body(shape)
    for i in range(depth):
        body.block(i + 1, width * growth**i, 3, first_padding(shape) if i == 0 else 1, {**CONVNET, **options})
    return body.flat()


def convnet1d(shape, depth=3, width=64, reach=1, **options):
    body = Body(shape)
    for i in range(depth):
        body.block(i + 1, width, (2 * reach + 1, 1), (reach, 0), {**CONVNET, **options}, window=(2, 1))
    return body.flat()


def mlp(shape, depth=2, width=128):
    body = Body(shape).flat()
    for i in range(depth):
        body.dense(f"linear{i + 1}", width)
    return body


def linear(shape):
    return Body(shape).flat()


def lenet(shape):
    body = Body(shape)
    body.conv("conv1", 6, 5, 2 if shape[0] == 1 else 0).add("act1", nn.ReLU()).add("pool1", nn.MaxPool2d(2))
    body.conv("conv2", 16, 5).add("act2", nn.ReLU()).add("pool2", nn.MaxPool2d(2))
    return body.flat().dense("linear1", 120).dense("linear2", 84)


def alexnet(shape, normalisation="none"):
    body = Body(shape)
    layers = [(128, 5, first_padding(shape) + 1, 1), (192, 5, 2, 1), (256, 3, 1, 0), (192, 3, 1, 0), (192, 3, 1, 1)]
    for i, (channels, kernel, padding, pooled) in enumerate(layers):
        body.block(i + 1, channels, kernel, padding, with_max(normalisation, pooled))
    return body.flat()


def vgg11(shape, normalisation="instance"):
    body = Body(shape)
    layers = [(64, 1), (128, 1), (256, 0), (256, 1), (512, 0), (512, 1), (512, 0), (512, 1)]
    for i, (channels, pooled) in enumerate(layers):
        body.block(i + 1, channels, 3, first_padding(shape) if i == 0 else 1, with_max(normalisation, pooled))
    return body.flat()


def resnet18(shape, normalisation="instance"):
    body = Body(shape).block(1, 64, 3, 1, with_max(normalisation, False), bias=False)
    for g, channels in enumerate([64, 128, 256, 512]):
        for b in range(2):
            stride = 2 if g > 0 and b == 0 else 1
            body.add(f"group{g + 1}_{b + 1}", Residual(body.shape, channels, stride, normalisation))
    return body.add("mean", nn.AdaptiveAvgPool2d(1)).flat()


def with_max(normalisation, pooled):
    return {"normalisation": normalisation, "activation": "relu", "pooling": "max" if pooled else "none"}


CONVNET = {"normalisation": "instance", "activation": "relu", "pooling": "avg"}
NETWORKS = {f.__name__: f for f in (convnet, mlp, linear, convnet1d, lenet, alexnet, vgg11, resnet18)}
TEXTS = {"normalisation", "activation", "pooling", "initialisation"}


def spec(text):
    """A network as attar writes it: `convnet:width=64,depth=2`."""
    name, _, rest = text.partition(":")
    pairs = (piece.split("=", 1) for piece in rest.split(",") if "=" in piece)
    return {"name": name, "options": {key: value if key in TEXTS else int(value) for key, value in pairs}}


def build(network, shape, outputs):
    """A network for samples [C, H, W], with fresh weights."""
    name, options = network["name"], network.get("options", {})
    if name not in NETWORKS:
        refuse(f'there is no network "{name}" here; known are {", ".join(NETWORKS)}: --net {next(iter(NETWORKS))}')
    try:
        net = NETWORKS[name](shape, **options)
    except (TypeError, KeyError, RuntimeError, ValueError) as error:
        refuse(f"{name} with {options} cannot be built for samples {list(shape)}: {error}")
    net.add("head", nn.Linear(net.shape[0], outputs))
    start(net, options.get("initialisation", "he-uniform"))
    return net


CUT_DEVIATION = 0.8796256610342398  # of a standard normal number cut at two


def start(net, law):
    """PyTorch's own start is he-uniform; the others are normal, cut at two deviations, with biases of zero."""
    if law == "he-uniform":
        return
    factor = {"lecun-normal": 1, "he-normal": 2}[law]
    for layer in net.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            scale = math.sqrt(factor / layer.weight[0].numel()) / CUT_DEVIATION
            nn.init.trunc_normal_(layer.weight, 0, scale, -2 * scale, 2 * scale)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


# Augmentation: operators of differentiable siamese augmentation, parameters for every image.


def uniform(n, low, high):
    return torch.rand(n, 1, 1, 1) * (high - low) + low


def color(x):
    x = x + uniform(len(x), -0.5, 0.5)
    grey = x.mean(1, keepdim=True)
    x = (x - grey) * uniform(len(x), 0, 2) + grey
    middle = x.mean([1, 2, 3], keepdim=True)
    return (x - middle) * uniform(len(x), 0.5, 1.5) + middle


def crop(x):
    """Moved by an eighth of the side at most; what comes in is zero."""
    n, _, h, w = x.shape
    down, right = int(0.125 * h + 0.5), int(0.125 * w + 0.5)
    padded = F.pad(x, [right, right, down, down])
    tops, lefts = torch.randint(2 * down + 1, (n,)).tolist(), torch.randint(2 * right + 1, (n,)).tolist()
    return torch.stack([p[:, t : t + h, l : l + w] for p, t, l in zip(padded, tops, lefts)])


def cutout(x):
    n, _, h, w = x.shape
    side = int(0.5 * h + 0.5)
    top, left = (torch.randint(d + 1 - side % 2, (n, 1, 1, 1)) - side // 2 for d in (h, w))
    rows, columns = torch.arange(h).view(1, 1, -1, 1), torch.arange(w).view(1, 1, 1, -1)
    inside = (rows >= top) & (rows < top + side) & (columns >= left) & (columns < left + side)
    return torch.where(inside, torch.zeros(()), x)


def flip(x):
    return torch.where(torch.rand(len(x), 1, 1, 1) < 0.5, x.flip(3), x)


def warp(x, a, b, c, d):
    zero = torch.zeros(len(x))
    theta = torch.stack([torch.stack([a, b, zero], 1), torch.stack([c, d, zero], 1)], 1)
    return F.grid_sample(x, F.affine_grid(theta, list(x.shape), align_corners=False), align_corners=False)


def scale(x):
    across, down = (uniform(len(x), 1 / 1.2, 1.2).flatten() for _ in range(2))
    return warp(x, across, torch.zeros(len(x)), torch.zeros(len(x)), down)


def rotate(x, degrees=15):
    angle = uniform(len(x), -degrees, degrees).flatten() * math.pi / 180
    return warp(x, angle.cos(), -angle.sin(), angle.sin(), angle.cos())


OPERATORS = {"color": color, "crop": crop, "cutout": cutout, "flip": flip, "scale": scale, "rotate": rotate}


def augment(x, augmentation):
    """siamese: one operator for the batch. per-image: one for every image, rotations up to 45 degrees. composite: colour
    and mirror image where they are listed, then one of crop, scale and rotate for the batch."""
    scheme, names = augmentation["scheme"], augmentation["operators"]
    if scheme == "siamese":
        return OPERATORS[names[torch.randint(len(names), ()).item()]](x)
    if scheme == "per-image":
        drawn, out = torch.randint(len(names), (len(x),)), x.clone()
        for i, name in enumerate(names):
            own = (drawn == i).nonzero().flatten()
            if len(own) > 0:
                out[own] = rotate(x[own], 45) if name == "rotate" else OPERATORS[name](x[own])
        return out
    for name in ("color", "flip"):
        x = OPERATORS[name](x) if name in names else x
    moving = [name for name in names if name in ("crop", "scale", "rotate")]
    return OPERATORS[moving[torch.randint(len(moving), ()).item()]](x) if moving else x


# Training.


def schedule(kind, epochs):
    """Passes over the set, the factor of the rate in each, and the pass before which the optimizer starts anew."""
    if kind == "step":
        drop = epochs // 2 + 2
        return epochs + 1, lambda p: 1 if p < drop else 0.1, drop
    if kind == "cosine":
        return epochs, lambda p: (1 + math.cos(math.pi * p / epochs)) / 2, None
    if kind == "warmup-cosine":
        warm = min(500, epochs / 2)
        falling = lambda p: 0.01 + 0.495 * (1 + math.cos(math.pi * (p - warm) / (epochs - warm)))
        return epochs, lambda p: p / warm if p < warm else falling(p), None
    return epochs, lambda p: 1, None


def optimizer_of(recipe, net):
    rate, momentum, decay = recipe["learning_rate"], recipe["momentum"], recipe["weight_decay"]
    if recipe["optimizer"] == "sgd":
        return torch.optim.SGD(net.parameters(), rate, momentum=momentum, weight_decay=decay)
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[recipe["optimizer"]]
    return kind(net.parameters(), rate, betas=(momentum, 0.999), weight_decay=decay)


def loss_of(recipe, outputs, targets):
    """The batch's mean of -sum of y log softmax(h), or of half the squared distance."""
    if recipe["loss"] == "squared-error":
        return 0.5 * (outputs - targets).square().sum(1).mean()
    return -(targets * F.log_softmax(outputs, 1)).sum(1).mean()


def train(net, images, targets, recipe, device):
    passes, factor, restart = schedule(recipe["schedule"], recipe["epochs"])
    optimizer = optimizer_of(recipe, net)
    net.train()
    for p in range(passes):
        if p == restart:
            optimizer = optimizer_of(recipe, net)
        for group in optimizer.param_groups:
            group["lr"] = recipe["learning_rate"] * factor(p)
        for rows in torch.randperm(len(images)).split(recipe["batch"]):
            batch = images[rows]
            if recipe["augmentation"]:
                batch = augment(batch, recipe["augmentation"])
            optimizer.zero_grad()
            loss = loss_of(recipe, net(batch.to(device)), targets[rows].to(device))
            loss.backward()
            optimizer.step()
        if not math.isfinite(loss.item()):
            refuse(f"the training diverged in epoch {p + 1}")


def outputs_of(net, images, device):
    net.eval()
    with torch.no_grad():
        return torch.cat([net(x.to(device)).cpu() for x in images.split(500)])


# Data.


def targets_of(tensors, recipe):
    """What networks are trained to yield: [n, outputs]."""
    if "values" in tensors:
        return tensors["values"]
    if "soft_labels" in tensors:
        return tensors["soft_labels"]
    rows = F.one_hot(tensors["labels"].long(), recipe["outputs"]).float()
    return rows - 1 / recipe["outputs"] if recipe["loss"] == "squared-error" else rows


def idx(path):
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if raw[:2] != b"\0\0" or raw[2] != 8:
        refuse(f"{path} is no IDX file of bytes")
    shape = struct.unpack(f">{raw[3]}I", raw[4 : 4 + 4 * raw[3]])
    return torch.frombuffer(bytearray(raw[4 + 4 * raw[3] :]), dtype=torch.uint8).reshape(shape)


def idx_files(folder):
    """The test images and labels of a folder, by their names."""
    files = [f for f in sorted(folder.iterdir()) if any(word in f.name for word in ("t10k", "test"))]
    found = [[f for f in files if word in f.name] for word in ("images", "labels")]
    if not all(found):
        refuse(f"{folder} has no t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, nor .gz of them")
    return idx(found[0][0]), idx(found[1][0])


def npz(path):
    import numpy

    arrays = numpy.load(path)
    pick = lambda names: next((arrays[name] for name in names if name in arrays), None)
    images = pick(["x_test", "test_images", "images", "x", "data"])
    labels = pick(["y_test", "test_labels", "labels", "y", "targets"])
    if images is None or labels is None:
        refuse(f"{path} has arrays {', '.join(arrays)}: name them x_test and y_test, or images and labels")
    return torch.from_numpy(images), torch.from_numpy(labels.astype("int64"))


def whitened(x, tensors):
    if "zca_whiten" not in tensors:
        return x
    return ((x.flatten(1) - tensors["zca_mean"]) @ tensors["zca_whiten"].T).reshape(x.shape)


def test_set(path, shape, tensors, metadata):
    """The test samples as networks see them, and their labels, or the numbers to predict."""
    if not path.exists():
        refuse(f"there is no test set {path}: name IDX files or an .npz by --test, or export with --on DATASET")
    own = {}
    if path.is_dir():
        images, labels = idx_files(path)
    elif path.suffix == ".npz":
        images, labels = npz(path)
    else:
        arrays, own = read(path)
        images, labels = arrays["images"], arrays.get("values", arrays.get("labels"))
    known = {**metadata, **own}
    count = len(images)
    if images[0].numel() != math.prod(shape):
        refuse(f"{path} holds samples {list(images.shape[1:])}, and the set's are {list(shape)}")
    if images.dim() == 4 and tuple(images.shape[1:]) != tuple(shape) and images.shape[-1] == shape[0]:
        images = images.permute(0, 3, 1, 2)
    mean, std = (torch.tensor(json.loads(known[key]), dtype=torch.float64) for key in ("mean", "std"))
    stored = images.reshape(count, *shape).double() / float(known["scale"])
    x = ((stored - mean.view(-1, 1, 1)) / std.view(-1, 1, 1)).float()
    return whitened(x, tensors), labels


def score(outputs, labels, metadata):
    """The share of samples whose label has the largest output; of numbers R2 and the root of the mean squared error."""
    if "value_names" not in metadata:
        return {"accuracy": (outputs.argmax(1) == labels.long()).double().mean().item()}
    off, spread = (outputs - labels).double(), (labels - labels.mean(0)).double()
    units = torch.tensor(json.loads(metadata["value_std"]), dtype=torch.float64)
    r2 = (1 - off.square().sum(0) / spread.square().sum(0)).mean().item()
    return {"r2": r2, "rmse": (off * units).square().mean(0).sqrt().mean().item()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--test", type=Path, default=HERE / "test.safetensors", help="IDX folder, .npz or .safetensors")
    parser.add_argument("--net", type=spec, help="another network, as attar writes it: convnet:width=64")
    parser.add_argument("--networks", type=int, help="networks that are trained (default the recipe's)")
    parser.add_argument("--epochs", type=int, help="epochs (default the recipe's)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--json", action="store_true", help="one JSON object in the end, nothing else")
    args = parser.parse_args()
    recipe = json.loads((HERE / "recipe.json").read_text())
    tensors, metadata = read(HERE / "condensed.safetensors")
    shape = tuple(recipe["input"])
    network = args.net or recipe["network"]
    recipe["epochs"] = args.epochs or recipe["epochs"]
    images, labels = test_set(args.test, shape, tensors, metadata)
    targets = targets_of(tensors, recipe)
    scores, seconds = [], time.perf_counter()
    for repeat in range(args.networks or recipe["networks"]):
        torch.manual_seed(args.seed * 1000 + repeat)
        net = build(network, shape, recipe["outputs"]).to(args.device)
        train(net, tensors["images"], targets, recipe, args.device)
        scores.append(score(outputs_of(net, images, args.device), labels, metadata))
        if not args.json:
            print(f"network {repeat + 1}: {', '.join(f'{k} {v:.4f}' for k, v in scores[-1].items())}", flush=True)
    summary = {}
    for key in scores[0]:
        runs = torch.tensor([s[key] for s in scores], dtype=torch.float64)
        std = runs.std().item() if len(runs) > 1 else 0
        summary[key] = {"mean": runs.mean().item(), "std": std, "runs": runs.tolist()}
    if args.json:
        about = {"network": network, "epochs": recipe["epochs"], "torch": torch.__version__}
        print(json.dumps({**summary, **about, "seconds": time.perf_counter() - seconds}))
    else:
        for key, s in summary.items():
            print(f"{key} {s['mean']:.4f} ± {s['std']:.4f} ({network['name']}, {len(scores)} networks)")


if __name__ == "__main__":
    main()
