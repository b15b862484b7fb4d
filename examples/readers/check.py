"""Reads every export of condensed sets with the programs that it is for, and compares each with the set's own file.

    python check.py RUN...      # RUN/condensed.safetensors, and RUN-npz, RUN-parquet, RUN-huggingface ... beside it

It shares no code with attar, and needs NumPy, pandas, PyArrow, Pillow, datasets, safetensors and PyTorch. A line each:
format, and what is equal. The first difference ends it with exit code 1.
"""

import io
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_DATASETS_CACHE", tempfile.mkdtemp())

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import torch
from PIL import Image
from safetensors import safe_open


class Condensed:
    """A condensed set as its .safetensors says."""

    def __init__(self, path):
        with safe_open(path, framework="np") as file:
            self.tensors = {name: file.get_tensor(name) for name in file.keys()}
            self.metadata = file.metadata()
        self.images = self.tensors["images"]
        self.soft = self.tensors.get("soft_labels")
        self.labels = self.tensors["labels"] if self.soft is None else self.soft.argmax(1)
        self.classes = json.loads(self.metadata["classes"])
        self.mean, self.std = (np.array(json.loads(self.metadata[key])) for key in ("mean", "std"))
        self.is_table = self.images.shape[2:] == (1, 1)

    def stored(self):
        """Values in units of stored / scale, without whitening, in float64."""
        x = self.images.astype(np.float64)
        if "zca_unwhiten" in self.tensors:
            flat = x.reshape(len(x), -1) @ self.tensors["zca_unwhiten"].T.astype(np.float64)
            x = (flat + self.tensors["zca_mean"]).reshape(x.shape)
        return x * self.std[:, None, None] + self.mean[:, None, None]

    def pictures(self):
        """Bytes [n, H, W] of grey, [n, H, W, 3] of coloured images, from black to white."""
        low, high = (np.array(json.loads(self.metadata.get(key, end))) for key, end in (("low", "0"), ("high", "1")))
        low, high = (np.broadcast_to(v, self.mean.shape)[:, None, None] for v in (low, high))
        shown = np.rint(np.clip((self.stored() - low) / (high - low), 0, 1) * 255)
        return shown[:, 0] if shown.shape[1] == 1 else shown.transpose(0, 2, 3, 1)


def same(what, found, wanted, off=0):
    found, wanted = np.asarray(found), np.asarray(wanted)
    if found.shape != wanted.shape:
        sys.exit(f"{what}: shape {found.shape}, expected {wanted.shape}")
    exact = wanted.dtype.kind not in "fiub" or off == 0
    equal = (found == wanted).all() if exact else np.abs(found.astype(np.float64) - wanted).max() <= off
    if not equal:
        numbers = found.dtype.kind in "fiub" and wanted.dtype.kind in "fiub"
        by = f", by {np.abs(found.astype(np.float64) - wanted).max():.3g} at most" if numbers else ""
        sys.exit(f"{what}: values differ{by}\n{found.flatten()[:8]} ...\nexpected\n{wanted.flatten()[:8]} ...")
    return what


def opened(data):
    return np.asarray(Image.open(io.BytesIO(data) if isinstance(data, bytes) else data))


def recipe_fits(recipe, s):
    rate, usual = np.float32(recipe["learning_rate"]), "squared-error" if "values" in s.tensors else "cross-entropy"
    return [
        same("recipe's input", recipe["input"], s.images.shape[1:]),
        same("recipe's rate", rate, s.tensors.get("lr", [rate])[0]),
        same("recipe's augmentation", bool(recipe["augmentation"]), s.metadata["augmentation"] != ""),
        same("recipe's loss", recipe["loss"], s.metadata.get("loss", usual)),
    ]


def npz(folder, s):
    file = np.load(folder / "condensed.npz")
    text = lambda name: file[name].tolist()
    found = [same("images", file["images"], s.images), same("labels", file["labels"], s.labels)]
    for name in ("soft_labels", "lr", "zca_mean", "zca_whiten", "zca_unwhiten"):
        same(f"{name} there", name in file, name in s.tensors)
        found += [same(name, file[name], s.tensors[name])] if name in s.tensors else []
    found += [same("mean", file["mean"], s.mean), same("std", file["std"], s.std)]
    found += [same("names", text("classes"), s.classes)]
    found += [same("augmentation", text("augmentation")[0], s.metadata["augmentation"] or "none")]
    if "values" in s.tensors:
        units, offset = (np.array(json.loads(s.metadata[f"value_{key}"])) for key in ("std", "mean"))
        wanted = s.tensors["values"] * units + offset
        found.append(same("numbers to predict", file["values"], wanted, 1e-6 * units.max()))
    return found + recipe_fits(json.loads(text("recipe")[0]), s)


def parquet(folder, s):
    [path] = (folder / "data").glob("*.parquet")
    table = pq.read_table(path)
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    facts, frame = json.loads(metadata["attar"]), pd.read_parquet(path)
    found = recipe_fits(facts["recipe"], s)
    found += [same("mean", facts["mean"], s.mean), same("rows", len(frame), len(s.images))]
    if s.soft is not None:
        found.append(same("soft labels", np.stack(frame["soft_label"]), s.soft))
        same("soft labels' type", str(table.schema.field("soft_label").type.value_type), "float")
    if s.is_table:
        return found
    features = json.loads(metadata["huggingface"])["info"]["features"]
    found += [same("names", features["label"]["names"], s.classes), same("labels", frame["label"], s.labels)]
    shown = np.stack([opened(row["bytes"]) for row in frame["image"]])
    return found + [same("pictures", shown, s.pictures(), 1)]


def huggingface(folder, s):
    from datasets import ClassLabel, load_dataset

    found = parquet(folder, s)
    rows = load_dataset(str(folder), split="train")
    if not s.is_table:
        same("a class label", isinstance(rows.features["label"], ClassLabel), True)
        found.append(same("datasets: names", rows.features["label"].names, s.classes))
        found.append(same("datasets: labels", rows["label"][:], s.labels))
        shown = np.stack([np.asarray(image) for image in rows["image"][:]])
        found.append(same("datasets: pictures", shown, s.pictures(), 1))
        exact = rows.with_format("torch")["normalised"][:].reshape(s.images.shape)
        found.append(same("datasets: values", exact.numpy(), s.images))
    if s.soft is not None:
        found.append(same("datasets: soft labels", np.array(rows["soft_label"][:], np.float32), s.soft))
    again = Condensed(folder / "condensed.safetensors")
    same("tensors", sorted(again.tensors), sorted(s.tensors))
    return found + [same(f"file: {name}", again.tensors[name], s.tensors[name]) for name in s.tensors]


def pictures_in(folder, s):
    """<class>/<k>.png of every image; of a class that no folder can be called, in the folder with its first picture."""
    shown, names = s.pictures(), sorted(child.name for child in folder.iterdir())
    same("folders", len(names), len(set(s.labels.tolist())))
    others = [name for name in names if name not in s.classes]
    for label in set(s.labels.tolist()):
        own = shown[s.labels == label]
        fits = lambda name: np.abs(opened(folder / name / "0.png") - own[0]).max() <= 1
        name = s.classes[label] if s.classes[label] in names else next(filter(fits, others), None)
        if name is None:
            sys.exit(f"{folder}: no folder holds the pictures of {s.classes[label]}")
        found = [opened(folder / name / f"{k}.png") for k in range(len(list((folder / name).iterdir())))]
        same(f"{name}'s pictures", np.stack(found), own, 1)
    return [f"{len(shown)} pictures in {len(names)} folders"]


def csv(folder, s):
    frame = pd.read_csv(folder / "condensed.csv")
    found = [same("rows", len(frame), len(s.images))]
    columns = json.loads(s.metadata["table"])["columns"]
    same("columns", set(frame) >= {column["name"] for column in columns}, True)
    first, stored = 0, s.stored()[:, :, 0, 0] * float(s.metadata["scale"])
    for column in columns:
        if column["kind"] == "number":
            missing = stored[:, first + 1] > 0.5 if "imputed" in column else np.zeros(len(frame), bool)
            same(f"blanks of {column['name']}", frame[column["name"]].isna(), missing)
            off = 0.5 * 10.0 ** -column.get("decimals", 6) + 1e-5 * np.abs(stored[:, first]).max()
            found.append(same(column["name"], frame[column["name"]][~missing], stored[~missing, first], off))
            first += 2 if "imputed" in column else 1
        else:
            width = len(column["levels"])
            levels = np.array(column["levels"])[stored[:, first : first + width].argmax(1)]
            found.append(same(column["name"], frame[column["name"]].fillna("").astype(str), levels))
            first += width
    return found


def pytorch(folder, s):
    recipe = json.loads((folder / "recipe.json").read_text())
    with safe_open(folder / "condensed.safetensors", framework="pt") as file:
        found = [same(name, file.get_tensor(name).numpy(), s.tensors[name]) for name in s.tensors]
        same("metadata", file.metadata() == s.metadata, True)
    if (folder / "test.safetensors").exists():
        with safe_open(folder / "test.safetensors", framework="pt") as file:
            shape = list(file.get_tensor("images").shape[1:])
            found.append(same("test samples", shape, recipe["input"]))
    return found + recipe_fits(recipe, s)


READERS = {
    "npz": npz,
    "parquet": parquet,
    "huggingface": huggingface,
    "png": lambda folder, s: pictures_in(folder / "images", s),
    "imagefolder": lambda folder, s: pictures_in(folder / "train", s),
    "csv": csv,
    "pytorch": pytorch,
}

torch.set_num_threads(1)
for run in map(Path, sys.argv[1:]):
    condensed = Condensed(run / "condensed.safetensors")
    there = {name: run.with_name(f"{run.name}-{name}") for name in READERS}
    there = {name: folder for name, folder in there.items() if folder.exists()}
    if not there:
        sys.exit(f"{run} has no exports beside it: attar export {run} --to npz")
    for name, folder in there.items():
        print(f"{run.name} {name}: {', '.join(READERS[name](folder, condensed))}", flush=True)
