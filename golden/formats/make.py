"""Small files in the layouts in which datasets come: `python3 golden/formats/make.py` writes them beside it (numpy, scipy, h5py).

expected.json holds what each one has to be read as: images [n, c, h, w], labels as the names of their classes.
"""

import json
import pathlib
import pickle
import shutil

import h5py
import numpy as np
import scipy.io

here = pathlib.Path(__file__).parent
files = here / "files"
shutil.rmtree(files, ignore_errors=True)
files.mkdir()
draw = np.random.default_rng(7)
expected = {}


def pictures(n, h=4, w=5, c=3):
    """Bytes [n, h, w, c] of which some are large, so that 255 stands for white."""
    return draw.integers(20, 256, (n, h, w, c), dtype=np.uint8)


def first(images):
    """[n, h, w, c] as [n, c, h, w]."""
    return np.moveaxis(images, -1, 1)


def holds(name, images, labels, test=None):
    """Of many values one in `step` is kept."""
    step = max(1, images.size // 500 | 1)
    flat = lambda x: np.asarray(x, np.float64).ravel()[::step].tolist()
    split = lambda x, y: {"images": flat(x), "labels": [str(one) for one in y]}
    expected[name] = {"shape": list(images.shape[1:]), "step": step, "train": split(images, labels)}
    if test is not None:
        expected[name]["test"] = split(*test)


def hdf5(name, **options):
    return h5py.File(files / name, "w", libver="latest", **options)


x, y, tx, ty = pictures(6), np.array([0, 1, 2, 0, 1, 2]), pictures(3), np.array([2, 1, 0])

with hdf5("nested.h5") as f:
    f.create_dataset("mnist/train/images", data=x, compression="gzip", shuffle=True, chunks=(4, 2, 5, 3))
    f["mnist/train/labels"] = y.astype(">i4")
    f.create_dataset("mnist/test/images", data=tx, fletcher32=True)
    f["mnist/test/labels"] = ty.astype("u1")
    f["about/settings"] = np.zeros(1, [("a", "i4"), ("b", "f4")])
holds("nested.h5", first(x), y, (first(tx), ty))

for split, images, labels in [("train", x, y), ("valid", x[:2], y[:2]), ("test", tx, ty)]:
    with hdf5(f"camelyonpatch_level_2_split_{split}_x.h5") as f:
        f["x"] = images
    with hdf5(f"camelyonpatch_level_2_split_{split}_y.h5") as f:
        f["y"] = labels.astype("u1").reshape(-1, 1, 1, 1)
holds("camelyonpatch_level_2_split_train_x.h5", first(x), y, (first(tx), ty))
holds("camelyonpatch_level_2_split_valid_x.h5", first(x[:2]), y[:2])

for split, images, labels in [("train", x, y % 2), ("test", tx, ty % 2)]:
    with hdf5(f"{split}_catvnoncat.h5") as f:
        f[f"{split}_set_x"] = images
        f[f"{split}_set_y"] = labels
        f["list_classes"] = np.array([b"non-cat", b"cat"])
names = np.array(["non-cat", "cat"])
holds("train_catvnoncat.h5", first(x), names[y % 2], (first(tx), names[ty % 2]))

with hdf5("usps.h5") as f:
    rows = draw.random((6, 16), dtype=np.float32)
    f["train/data"], f["train/target"] = rows, y
    f["test/data"], f["test/target"] = rows[:3] / 2, ty
holds("usps.h5", rows[:, :, None, None], y, ((rows[:3] / 2)[:, :, None, None], ty))

with hdf5("channels-first.h5") as f:
    f["images"], f["labels"] = first(x).astype("<f2") / 4, y
holds("channels-first.h5", (first(x).astype("<f2") / 4).astype("f4"), y)

with hdf5("texts.h5") as f:
    words = np.array(["cat", "döner", "cat", "ox", "döner", "ox"], dtype=object)
    f["x"], f["y"] = x > 128, words
holds("texts.h5", first(x) > 128, words)

with hdf5("own-names.h5") as f:
    f["scans/pictures"], f["scans/kinds"] = x, y
    f["scans/patients"] = np.arange(6, dtype="u2")
    f["notes"] = "a text"
holds("own-names.h5", first(x), y)

with hdf5("not-followed.h5") as f:
    f.create_dataset("outside", (6, 4), "u1", external=[("/etc/hostname", 0, 24)])
    layout = h5py.VirtualLayout((6,), "i8")
    layout[:] = h5py.VirtualSource("usps.h5", "train/target", (6,))
    f.create_virtual_dataset("view", layout)
    f["link"] = h5py.ExternalLink("usps.h5", "/train/data")
    f.create_dataset("lzf", data=np.zeros((6, 64), "i8"), compression="lzf")
    f["plain"], f["y"] = x, y

with hdf5("v7.3.mat", userblock_size=512) as f:
    f["X"] = x.transpose(0, 3, 2, 1)  # MATLAB's [height, width, channels, n], first index fastest
    f["y"] = (y + 1.0).reshape(1, -1)
    f["#refs#/a"] = np.arange(3.0)
block = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + bytes([0, 2]) + b"IM"
raw = (files / "v7.3.mat").read_bytes()
(files / "v7.3.mat").write_bytes(block + raw[len(block) :])
holds("v7.3.mat", first(x), y + 1)

scipy.io.savemat(files / "stack.mat", {"X": np.moveaxis(x, 0, -1), "y": (y + 1)[:, None]}, do_compression=True)
holds("stack.mat", first(x), y + 1)
scipy.io.savemat(files / "faces.mat", {"fea": rows.astype("f8"), "gnd": (y + 1)[:, None]})
holds("faces.mat", rows[:, :, None, None], y + 1)
grey = draw.integers(20, 256, (6, 784), dtype=np.uint8)
part = lambda images, labels: {"images": images, "labels": labels[:, None], "writers": labels[:, None] * 1.0}
mapping = np.array([[0, 48], [1, 49], [2, 50]], "u1")
letters = {"train": part(grey, y), "test": part(grey[:3], ty), "mapping": mapping}
scipy.io.savemat(files / "emnist-letters.mat", {"dataset": letters}, do_compression=True)
holds("emnist-letters.mat", grey.reshape(6, 1, 28, 28), y, (grey[:3].reshape(3, 1, 28, 28), ty))
svhn = pictures(4, 32, 32)
for split in ["train", "test"]:
    scipy.io.savemat(
        files / f"{split}_32x32.mat", {"X": np.moveaxis(svhn, 0, -1), "y": np.array([[1], [10], [2], [1]], "u1")}, do_compression=True
    )
holds("train_32x32.mat", first(svhn), [1, 0, 2, 1], (first(svhn), [1, 0, 2, 1]))

med = lambda images, labels, split: {f"{split}_images": images, f"{split}_labels": labels[:, None].astype("u1")}
np.savez_compressed(files / "bloodmnist.npz", **med(x, y, "train"), **med(x[:2], y[:2], "val"), **med(tx, ty, "test"))
holds("bloodmnist.npz", first(x), y, (first(tx), ty))
many = draw.integers(0, 2, (6, 14), dtype=np.uint8)
np.savez_compressed(files / "chestmnist.npz", train_images=x[..., 0], train_labels=many)

np.save(files / "x_train.npy", np.asfortranarray(x.astype(">f4") / 255))
np.save(files / "y_train.npy", np.array(["cat", "dog", "ox"])[y])
np.save(files / "x_test.npy", (tx / 255).astype("f4"))
np.save(files / "y_test.npy", np.array([b"cat", b"dog", b"ox"])[ty])
holds(
    "x_train.npy",
    first((x.astype("f4") / 255)),
    np.array(["cat", "dog", "ox"])[y],
    (first((tx / 255).astype("f4")), np.array(["cat", "dog", "ox"])[ty]),
)

kinds = {
    "half": x.astype("<f2") / 4,
    "big": x.astype(">i2"),
    "fortran": np.asfortranarray(x.astype("f8")),
    "truth": x > 128,
    "long": x.astype("u8"),
}
labels = {
    "U10": np.array(["cat", "dog", "ox"], "<U10")[y],
    "S10": np.array([b"cat", b"dog", b"ox"], "S10")[y],
    "one-hot": np.eye(3)[y],
    "whole": y.astype("f4"),
    "from-1": y + 1,
    "column": y[:, None, None],
    "fractions": y + 0.5,
    "objects": np.array([{"a": 1}] * 6, dtype=object),
    "ragged": np.array([[1], [1, 2], [1], [1], [1], [1]], dtype=object),
    "soft": np.full((6, 3), 1 / 3),
    "short": y[:5],
    "nan": np.where(y == 2, np.nan, y),
}
np.savez_compressed(files / "kinds.npz", **kinds, **labels)
expected["kinds.npz"] = {name: first(np.asarray(one, "f4")).ravel().tolist() for name, one in kinds.items()}

batch = {"batch_label": "training batch", "labels": [3, 8], "data": svhn[:2].transpose(0, 3, 1, 2).reshape(2, 3072)}
for old in [True, False]:  # as Python 2 wrote the official files, whose texts are bytes; and anew
    folder = files / ("cifar-10-batches-py" if old else "cifar-100-python")
    folder.mkdir()
    if not old:
        batch = {b"fine_labels": [99, 4], b"coarse_labels": [1, 2], b"data": batch["data"]}
    for name in [*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"] if old else ["train", "test", "meta"]:
        (folder / name).write_bytes(pickle.dumps(batch, protocol=2 if old else 4))

(here / "expected.json").write_text(json.dumps(expected) + "\n")
