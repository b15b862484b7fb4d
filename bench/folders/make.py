"""Makes a folder of small JPEG pictures of many classes, laid out as Tiny ImageNet is: train/<class>/images/*.JPEG, and
val/images/*.JPEG beside val/val_annotations.txt. The pictures are CIFAR-10's, enlarged to SIDE pixels; each of its ten classes is
cut into PARTS by k-means of the training pictures' leading components, and a test picture goes to the nearest centre of its class.

    python3 bench/folders/make.py FOLDER [--parts 20] [--side 64] [--most N]

CIFAR-10's binary batches are read from $ATTAR_DATA/cifar-10. --most N keeps N training pictures a part. Needs Pillow and
scikit-learn.
"""

import argparse
import os
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
components, quality = 50, 90


def batch(path):
    """Pictures [n, 32, 32, 3] and their classes of one binary batch: a byte of label, then 1024 of red, green and blue each."""
    rows = np.fromfile(path, np.uint8).reshape(-1, 3073)
    return rows[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), rows[:, 0]


def cifar(folder):
    train = [batch(folder / f"data_batch_{i}.bin") for i in range(1, 6)]
    return tuple(map(np.concatenate, zip(*train))), batch(folder / "test_batch.bin")


def parts_of(train, test, count):
    """The part of each training and test picture of one class."""
    flat = lambda pictures: pictures.reshape(len(pictures), -1) / 255
    reduced = PCA(components, random_state=0).fit(flat(train))
    clusters = KMeans(count, n_init=1, random_state=0).fit(reduced.transform(flat(train)))
    return clusters.labels_, clusters.predict(reduced.transform(flat(test)))


def write(path, picture, side):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC).save(path, "JPEG", quality=quality)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--parts", type=int, default=20)
    options.add_argument("--side", type=int, default=64)
    options.add_argument("--most", type=int)
    asked = options.parse_args()
    (train, labels), (test, tested) = cifar(Path(os.environ["ATTAR_DATA"]) / "cifar-10")
    lines = []
    for c, name in enumerate(names):
        own, other = train[labels == c], test[tested == c]
        parts, places = parts_of(own, other, asked.parts)
        for k in range(asked.parts):
            part = f"{name}-{k:03d}"
            for i, picture in enumerate(own[parts == k][: asked.most]):
                write(asked.folder / "train" / part / "images" / f"{part}_{i}.JPEG", picture, asked.side)
        for i, (picture, k) in enumerate(zip(other, places)):
            file = f"val_{name}_{i}.JPEG"
            write(asked.folder / "val" / "images" / file, picture, asked.side)
            lines.append(f"{file}\t{name}-{k:03d}\t0\t0\t{asked.side - 1}\t{asked.side - 1}\n")
    (asked.folder / "val" / "val_annotations.txt").write_text("".join(lines))


main()
