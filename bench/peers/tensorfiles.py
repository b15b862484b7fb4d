"""Arrays as raw little-endian files, listed with their shapes; needs no NumPy."""

import ctypes
import os

import torch

types = {"float32": torch.float32, "float64": torch.float64, "int32": torch.int32}


def read(folder: str, listing: dict, real: torch.dtype) -> dict:
    """Reads {name: {"dtype", "shape"}} from `folder`/name; numbers with a fraction become `real`."""
    out = {}
    for name, entry in listing.items():
        with open(os.path.join(folder, name), "rb") as file:
            data = bytearray(file.read())
        stored = torch.frombuffer(data, dtype=types[entry["dtype"]]).reshape(entry["shape"])
        out[name] = stored.to(real, copy=True) if stored.is_floating_point() else stored.clone()
    return out


def write(folder: str, tensors: dict) -> dict:
    """Writes tensors in the precision they have and returns {name: {"dtype", "shape"}}."""
    listing = {}
    for name, tensor in tensors.items():
        flat = tensor.detach().contiguous()
        with open(os.path.join(folder, name), "wb") as file:
            file.write(ctypes.string_at(flat.data_ptr(), flat.numel() * flat.element_size()))
        listing[name] = {"dtype": str(flat.dtype).removeprefix("torch."), "shape": list(flat.shape)}
    return listing
