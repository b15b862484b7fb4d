"""Decodes a set that was exported as bases and hallucinators, and holds the images against those of the decoded export.

    attar export RUN --to codes && attar export RUN --to npz
    python codes.py RUN-codes/codes.safetensors RUN-npz/condensed.npz

It shares no code with attar, and needs NumPy and safetensors. Prints what is stored in either form and the largest difference; ends with
exit code 1 where that is more than rounding.
"""

import json
import sys

import numpy as np
from safetensors import safe_open


def correlated(x, weight, bias, padding):
    """Cross-correlation of images [n, c, h, w] with kernels [o, c, k, k]."""
    k = weight.shape[-1]
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    h, w = x.shape[2] - k + 1, x.shape[3] - k + 1
    out = np.zeros((len(x), len(weight), h, w))
    for i in range(k):
        for j in range(k):
            out += np.einsum("nchw,oc->nohw", x[:, :, i : i + h, j : j + w], weight[:, :, i, j])
    return out + bias[None, :, None, None]


def hallucinated(t):
    """Every base through every hallucinator, base by base."""
    k = t["first"].shape[-1]
    each = []
    for j in range(len(t["first"])):
        maps = correlated(t["bases"], t["first"][j], t["firstBias"][j], 0) * t["scale"][j] + t["shift"][j]
        each.append(correlated(maps, t["last"][j], t["lastBias"][j], k - 1))
    images = np.stack(each, 1)
    return images.reshape(-1, *images.shape[2:])


def main(codes, decoded):
    with safe_open(codes, "np") as file:
        form = json.loads(file.metadata()["form"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    print(f"{form['space']}: {form['codes']} floats of codes, {form['decoder']} of what decodes them")
    if form["space"] != "hallucinated":
        sys.exit(f"this script decodes hallucinated sets, and the set is of the space {form['space']}")
    wanted = np.load(decoded)["images"]
    images = hallucinated({name: t.astype(np.float64) for name, t in tensors.items()})
    gap = np.abs(images - wanted).max() / np.abs(wanted).max()
    print(f"{wanted.size} floats of images; largest difference {gap:.1e} of the largest pixel")
    sys.exit(0 if gap < 1e-5 else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
