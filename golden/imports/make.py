"""Writes sets of digits in the layouts in which authors publish theirs to the folder files beside this script, for tests of the import.

Run: python3 golden/imports/make.py
Versions that made them: NumPy 2.4.6, PyTorch 2.15.0, scikit-learn 1.9.1. Images are real ones, two of each class, so that a network
trained on digits knows them; a reader sees no difference.
"""

import pathlib
import shutil

import numpy as np
import torch
from PIL import Image
from sklearn.datasets import load_digits

out = pathlib.Path(__file__).parent / "files"
shutil.rmtree(out, ignore_errors=True)
out.mkdir()

bunch = load_digits()
pixels = (bunch.images / 16).astype(np.float32)[:, None]
labels = bunch.target.astype(np.int64)
# Mean and deviation of attar's training split; the split is four fifths of these images.
mean, std = 0.3052, 0.3758


def pick(count, first=0):
    """`count` images of each class, class-major."""
    rows = np.concatenate([np.flatnonzero(labels == c)[first : first + count] for c in range(10)])
    return torch.from_numpy(pixels[rows]), torch.from_numpy(labels[rows])


def normalised(x):
    return (x - mean) / std


def whitened(x, fit, eps=0.1):
    """As kornia's ZCAWhitening(eps=0.1) does: U (Λ + ε)^-½ Uᵀ of the covariance with divisor n − 1."""
    flat = fit.reshape(len(fit), -1).astype(np.float64)
    centre = flat.mean(0)
    values, vectors = np.linalg.eigh(np.cov(flat.T))
    w = vectors @ np.diag(1 / np.sqrt(np.maximum(values, 0) + eps)) @ vectors.T
    return torch.from_numpy(((x.reshape(len(x), -1).numpy() - centre) @ w).astype(np.float32)).reshape(x.shape)


x, y = pick(2)
torch.save(
    {"data": [[normalised(x), y], [normalised(pick(2, 2)[0]), y]], "accs_all_exps": {"ConvNet": [0.5, 0.6]}},
    out / "res_DC_ConvNet_2ipc.pt",
)

# What goes wrong: pixels where normalised images are expected, and classes in another order.
torch.save({"data": [[x, y]], "accs_all_exps": {}}, out / "pixels_as_vico.pt")
order = torch.tensor([3, 1, 4, 0, 5, 9, 2, 6, 8, 7])
torch.save({"data": [[normalised(x), order[y]]], "accs_all_exps": {}}, out / "permuted.pt")

mtt = out / "mtt"
mtt.mkdir()
torch.save(normalised(x), mtt / "images_best.pt")
torch.save(y, mtt / "labels_best.pt")
torch.save(torch.tensor(0.02), mtt / "lr_best.pt")
zca = out / "mtt_zca"
zca.mkdir()
torch.save(whitened(x, pixels), zca / "images_best.pt")
torch.save(y, zca / "labels_best.pt")

# IDC with factor 2: each stored image is four of its class, halved by averages of four pixels.
four = [torch.nn.functional.avg_pool2d(pick(2, 2 * k)[0], 2) for k in range(4)]
stored = torch.cat([torch.cat(four[:2], 3), torch.cat(four[2:], 3)], 2)
torch.save([stored, y], out / "data.pt")
up = torch.nn.Upsample(size=8, mode="bilinear")
np.save(out / "data_decoded.npy", torch.cat([up(f) for f in four]).numpy())

ranking = out / "dd-ranking"
ranking.mkdir()
torch.save(normalised(x), ranking / "images.pt")
torch.save(torch.nn.functional.one_hot(y, 10).float() * 4 - 1, ranking / "labels.pt")
torch.save(torch.tensor([0.03]), ranking / "lr.pt")

one_hot = np.eye(10)[y.numpy()]
np.savez(out / "kip.npz", images=normalised(x).permute(0, 2, 3, 1).double().numpy(), labels=one_hot - 0.1)
np.savez(out / "plain.npz", images=(x * 255).round().to(torch.uint8).numpy()[:, 0], labels=y.numpy().astype(np.int32))

for i, (image, label) in enumerate(zip(x.numpy(), y.numpy())):
    folder = out / "folder" / str(label)
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray((image[0] * 255).round().astype(np.uint8)).save(folder / f"{i}.png")
