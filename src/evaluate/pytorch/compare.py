"""Holds train.py against what attar computed: reads a folder that train.test.ts wrote, prints a JSON line a comparison.

    python compare.py FOLDER

FOLDER holds logits.json (networks and samples), trainings.json (recipes) and moments.json (augmentations), and of each
entry the tensors as .safetensors.
"""

import json
import re
import sys
from pathlib import Path

import torch

import train

torch.set_num_threads(1)
folder = Path(sys.argv[1])


def loaded(net, weights):
    """Gives a network attar's weights: a block's layers have a dot after its name, kernels over time a side of 1."""
    state = net.state_dict()
    named = {re.sub(r"^(group\d_\d)_", r"\1.", name): value for name, value in weights.items()}
    unread = sorted(set(named) ^ {name for name in state if "running" not in name and "num_batches" not in name})
    if unread:
        raise SystemExit(f"weights that only one of the two has: {', '.join(unread)}")
    net.load_state_dict({name: value.reshape(state[name].shape) for name, value in named.items()}, strict=False)
    return net


def split(tensors, prefix):
    return {name[len(prefix) :]: value for name, value in tensors.items() if name.startswith(prefix)}


def far(found, wanted):
    """The largest difference as a share of the largest value."""
    return ((found - wanted).abs().max() / wanted.abs().max()).item()


known = {"scale": "255", "mean": "[0.25]", "std": "[0.5]"}
tests = {name: folder / name for name in ("test.safetensors", "test.npz", "idx")}
for name, path in tests.items():
    tensors, _ = train.read(folder / "test-wanted.safetensors")
    images, labels = train.test_set(path, (1, 4, 5), {}, known)
    same = torch.equal(labels.long(), tensors["labels"])
    print(json.dumps({"test set": name, "difference": far(images, tensors["images"]) if same else 1}))

for i, case in enumerate(json.loads((folder / "logits.json").read_text())):
    tensors, _ = train.read(folder / f"logits-{i}.safetensors")
    net = loaded(train.build(train.spec(case["net"]), case["input"], case["outputs"]), split(tensors, "weights."))
    with torch.no_grad():
        print(json.dumps({"logits": case["net"], "difference": far(net(tensors["images"]), tensors["logits"])}))

for i, case in enumerate(json.loads((folder / "trainings.json").read_text())):
    tensors, _ = train.read(folder / f"training-{i}.safetensors")
    recipe = case["recipe"]
    net = loaded(train.build(recipe["network"], recipe["input"], recipe["outputs"]), split(tensors, "start."))
    begun = {name: value.clone() for name, value in net.state_dict().items()}
    train.train(net, tensors["images"], train.targets_of(tensors, recipe), recipe, "cpu")
    wanted = loaded(train.build(recipe["network"], recipe["input"], recipe["outputs"]), split(tensors, "end."))
    ends = wanted.state_dict()
    # Relative to the way that the weights went: what does not train at all is 1 away.
    way = torch.cat([(ends[name] - begun[name]).flatten() for name in ends])
    off = torch.cat([(value - ends[name]).flatten() for name, value in net.state_dict().items()])
    print(json.dumps({"training": case["name"], "difference": (off.norm() / way.norm()).item()}))

for i, case in enumerate(json.loads((folder / "moments.json").read_text())):
    tensors, _ = train.read(folder / f"moments-{i}.safetensors")
    torch.manual_seed(1)
    image, draws = tensors["image"], case["draws"]
    batches = [train.augment(image.expand(case["batch"], *image.shape), case["augmentation"]) for _ in range(draws)]
    means = torch.stack([torch.stack([b.mean(0), b.square().mean(0)]) for b in batches]).double()
    # Batches are independent, images of one are not: the error of a mean is that of the means of batches.
    error = (means.var(0) / draws + tensors["variances"].double() / draws).sqrt()
    z = ((means.mean(0) - tensors["means"].double()).abs() / error.clamp_min(1e-6)).max().item()
    print(json.dumps({"augmentation": case["name"], "z": z}))
