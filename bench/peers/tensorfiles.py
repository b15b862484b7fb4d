"""Arrays as raw little-endian files, listed with their shapes; needs no NumPy."""

import ctypes
import os

import torch

types = {"float32": torch.float32, "int32": torch.int32}


def read(folder: str, listing: dict) -> dict:
    """Reads {name: {"dtype", "shape"}} from `folder`/name."""
    out = {}
    for name, entry in listing.items():
        with open(os.path.join(folder, name), "rb") as file:
            data = bytearray(file.read())
        out[name] = torch.frombuffer(data, dtype=types[entry["dtype"]]).reshape(entry["shape"]).clone()
    return out


def write(folder: str, tensors: dict) -> dict:
    """Writes float32 tensors and returns their shapes by name."""
    listing = {}
    for name, tensor in tensors.items():
        flat = tensor.detach().to(torch.float32).contiguous()
        with open(os.path.join(folder, name), "wb") as file:
            file.write(ctypes.string_at(flat.data_ptr(), flat.numel() * 4))
        listing[name] = list(flat.shape)
    return listing
