"""Writes pickles.json: pickles and files of torch.save with the values that they hold, and hostile ones with what is to be said.

Run: python3 golden/pickles/make.py
Versions that made it: Python 3.11, NumPy 2.4.6, PyTorch 2.15.0.
"""

import base64
import collections
import io
import json
import os
import pickle
import struct
import zipfile

import numpy as np
import torch


def told(value):
    """A value as JSON: arrays and tensors as {shape, dtype, data}, dicts as pairs, bytes as {bytes}."""
    if isinstance(value, torch.Tensor):
        value = value.detach()
        value = (value.float() if value.dtype in (torch.bfloat16, torch.half) else value).numpy()
    if isinstance(value, np.ndarray):
        value = value.astype(np.uint8) if value.dtype == bool else value
        value = value.astype(np.float32) if value.dtype == np.float16 else value
        return {"shape": list(value.shape), "dtype": value.dtype.newbyteorder("=").str[1:], "data": value.ravel().tolist()}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {"dict": [[told(k), told(v)] for k, v in value.items()]}
    if isinstance(value, (list, tuple)):
        return [told(v) for v in value]
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": list(value)}
    if isinstance(value, int) and abs(value) > 2**53:
        return {"bigint": str(value)}
    return value


def saved(value, **options):
    out = io.BytesIO()
    torch.save(value, out, **options)
    return out.getvalue()


def encoded(raw):
    return base64.b64encode(raw).decode()


ramp = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4) / 8
plain = {
    "numbers": [0, 1, 255, 256, 65535, 65536, -1, -(2**31), 2**40, -(2**62), 0.5, -1e-300, True, False, None],
    "texts": ["", "a", "ä€😀", "x" * 300, "tab\tand \\ line\n"],
    "nested": {"tuple": (1, (2,), ()), "empty": [{}, [], ()]},
    "arrays": [
        np.arange(6, dtype=np.uint8).reshape(2, 3),
        np.asfortranarray(np.arange(6, dtype=np.float64).reshape(2, 3)),
        np.arange(4, dtype=">i4"),
        np.arange(4, dtype=np.float16),
        np.array([True, False]),
        np.array(2.5, dtype=np.float32),
        np.zeros((0, 3), dtype=np.int64),
    ],
    "scalar": np.float64(0.25),
}
good = {}
for protocol in range(6):
    good[f"plain data, protocol {protocol}"] = ("pickle", pickle.dumps(plain, protocol), plain)
good["bytes, protocol 2"] = ("pickle", pickle.dumps(b"\x00\xff\x80", 2), b"\x00\xff\x80")
good["bytes, protocol 5"] = ("pickle", pickle.dumps([b"\x00\xff", bytearray(b"\x01")], 5), [b"\x00\xff", b"\x01"])
good["an ordered dict"] = ("pickle", pickle.dumps(collections.OrderedDict([("b", 1), ("a", 2)]), 2), {"b": 1, "a": 2})
# As Python 2 wrote CIFAR's batches: short strings for the keys, a string for the bytes of an array.
python2 = (
    b"\x80\x02}q\x01(U\x0bbatch_labelq\x02U\x03b 1q\x03U\x06labelsq\x04]q\x05(K\x06K\x09eU\x04dataq\x06"
    b"cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\x00\x85U\x01b\x87Rq\x09(K\x01K\x02K\x03\x86"
    b"cnumpy\ndtype\nq\nU\x02u1K\x00K\x01\x87Rq\x0b(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
    b"U\x06\x00\x01\x80\xff\x0a\x27tbu."
)
good["a batch of CIFAR, as Python 2 wrote it"] = (
    "pickle",
    python2,
    {"batch_label": "b 1", "labels": [6, 9], "data": np.array([[0, 1, 128], [255, 10, 39]], dtype=np.uint8)},
)
python2_text = b"(dp0\nS'data'\np1\nS'\\x00\\xff\\n\\'\\\\'\np2\nsS'n'\np3\nL12L\nsS'f'\nF0.25\ns."
good["protocol 0, as Python 2 wrote it"] = ("pickle", python2_text, {"data": b"\x00\xff\n'\\", "n": 12, "f": 0.25})

state = collections.OrderedDict([("weight", ramp), ("bias", torch.tensor([1, 2], dtype=torch.int64))])
shared = torch.arange(10, dtype=torch.float32)
tensors = {
    "a tensor": ramp,
    "a tensor of each type": [
        torch.tensor([-1, 0, 1]).to(t)
        for t in (torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.int16, torch.int32, torch.int64)
    ]
    + [torch.tensor([0, 255], dtype=torch.uint8), torch.tensor([True, False])],
    "strides": [ramp.permute(2, 0, 1), ramp[:, 1:, ::2], torch.ones(1).expand(3, 2), ramp[1]],
    "shared storage": {"first": shared[:3], "last": shared[7:], "all": shared},
    "parameters": [torch.nn.Parameter(ramp), torch.tensor(0.5), torch.zeros(0, 3)],
    "a state dict": state,
    "a module's state dict": torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.BatchNorm1d(1)).state_dict(),
    "VICO": {"data": [[ramp, torch.tensor([0, 1])]], "accs_all_exps": {"ConvNet": [0.5, 0.25]}},
    "a list of two": [ramp, torch.tensor([0, 1])],
    "with arrays of NumPy": {"array": np.arange(3), "score": np.float32(0.5), "size": ramp.shape},
}
torch.manual_seed(0)
for name, value in tensors.items():
    good[f"torch: {name}"] = ("torch", saved(value), value)
    good[f"torch before 1.6: {name}"] = ("torch", saved(value, _use_new_zipfile_serialization=False), value)


class Calls:
    """An object that calls a function when it is unpickled."""

    def __init__(self, function, *args):
        self.call = (function, args)

    def __reduce__(self):
        return self.call


def rezipped(raw, change):
    """A zip of torch.save with entries changed: change(name, bytes) gives the new bytes, or None to leave it out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            changed = change(info.filename, source.read(info))
            if changed is not None:
                target.writestr(zipfile.ZipInfo(info.filename), changed)
    return out.getvalue()


def in_pickle(old, new):
    return lambda name, raw: raw.replace(old, new) if name.endswith("data.pkl") else raw


class Custom(torch.nn.Module):
    pass


touch = "touch /tmp/attar-was-here"
small = saved(torch.arange(4, dtype=torch.float32))
# A tensor of 10¹² elements of a storage of one: a stride of nought. \x8a is a long of so many bytes.
million = b"\x8a\x04" + struct.pack("<i", 10**6)
assert b"K\x00K\x04\x85q\x06K\x01\x85q\x07" in zipfile.ZipFile(io.BytesIO(small)).read("archive/data.pkl")
hostile = {
    "a call of the system": ("torch", saved({"data": Calls(os.system, touch)}), "posix.system"),
    "a call of the system, before 1.6": ("torch", saved(Calls(os.system, touch), _use_new_zipfile_serialization=False), "posix.system"),
    **{
        f"a call of the system, protocol {p}": ("pickle", pickle.dumps(Calls(os.system, touch), p), "posix.system")
        for p in range(6)
    },
    "eval": ("pickle", pickle.dumps(Calls(eval, "1+1"), 4), "builtins.eval"),
    "eval, as Python 2 names it": ("pickle", b"c__builtin__\neval\n(S'1+1'\ntR.", "builtins.eval"),
    "a name of a name": ("pickle", b"\x80\x04\x8c\x05numpy\x8c\x0bcore.system\x93.", "numpy.core.system"),
    "a name that JavaScript has": ("pickle", b"c__proto__\nconstructor\n.", "__proto__.constructor"),
    "a name of every object": ("pickle", b"ctoString\n\n.", "toString."),
    "getattr": ("pickle", pickle.dumps(Calls(getattr, "a", "upper"), 2), "builtins.getattr"),
    "a class of another module": ("torch", saved(Custom()), "__main__.Custom"),
    "an array of objects": ("pickle", pickle.dumps(np.array([Calls(os.system, touch)], dtype=object), 2), "posix.system"),
    "an array of plain objects": ("pickle", pickle.dumps(np.array([1, None], dtype=object), 2), "ndarray"),
    "INST": ("pickle", b"(S'" + touch.encode() + b"'\nios\nsystem\n.", "INST"),
    "OBJ": ("pickle", b"(cos\nsystem\nS'x'\no.", "os.system"),
    "an extension": ("pickle", b"\x80\x02\x82\x01.", "an extension"),
    "a text as a persistent id": ("pickle", b"Pos.system\n.", "persistent id"),
    "a persistent id without tensors": ("pickle", b"\x80\x02K\x01Q.", "outside of it"),
    "an allowed function with other arguments": ("pickle", b"ccollections\nOrderedDict\n(I1\ntRI2\na.", "damaged"),
    "a call of a class that has no call": ("pickle", b"cnumpy\nndarray\n)R.", "numpy.ndarray"),
    "a call of what is no function": ("pickle", b"K\x01)R.", "damaged"),
    "a state for a number": ("pickle", b"K\x01K\x02b.", "damaged"),
    "nothing on the stack": ("pickle", b"\x80\x02.", "damaged"),
    "no mark": ("pickle", b"t.", "damaged"),
    "nothing remembered": ("pickle", b"h\x05.", "damaged"),
    "an operation that is none": ("pickle", b"\xff.", "damaged"),
    "a protocol to come": ("pickle", b"\x80\x06N.", "protocol 6"),
    "a long of four gigabytes": ("pickle", b"\x8b\xff\xff\xff\xff.", "cut short"),
    "bytes longer than any file": ("pickle", b"\x8e" + b"\xff" * 8 + b".", "cut short"),
    "an integer of 200 bytes": ("pickle", b"\x8a\xc8" + b"\x01" * 200 + b".", "integer of 200 bytes"),
    "text that is not UTF-8": ("pickle", b"\x8c\x02\xff\xfe.", "UTF-8"),
    "bytes after the end": ("pickle", b"N.N.", "ends at byte 2 of 4"),
    "an odd number of items": ("pickle", b"}(K\x01u.", "damaged"),
    "a tensor beyond its storage": (
        "torch", rezipped(small, in_pickle(b"K\x04\x85", b"K\x09\x85")), "storage"),
    "a tensor of 10¹² elements of one": (
        "torch",
        rezipped(small, in_pickle(b"K\x00K\x04\x85q\x06K\x01\x85q\x07", b"K\x00" + million + million + b"\x86q\x06K\x00K\x00\x86q\x07")),
        "in memory",
    ),
    "a tensor before its storage": ("torch", rezipped(small, in_pickle(b"K\x00K\x04\x85", b"J\xff\xff\xff\xffK\x04\x85")), "damaged"),
    "a storage that is missing": ("torch", rezipped(small, lambda n, b: None if n.endswith("data/0") else b), "storage 0"),
    "a storage that is cut short": ("torch", rezipped(small, lambda n, b: b[:7] if n.endswith("data/0") else b), "storage 0"),
    "a big-endian machine": ("torch", rezipped(small, lambda n, b: b"big" if n.endswith("byteorder") else b), "big-endian"),
    "no pickle": ("torch", rezipped(small, lambda n, b: None if n.endswith("data.pkl") else b), "without data.pkl"),
    "no file of PyTorch": ("torch", b"hello, I am a text", "no file that torch.save writes"),
    "a complex tensor": ("torch", saved(torch.zeros(2, dtype=torch.complex64)), "torch.ComplexFloatStorage"),
    "a sparse tensor": ("torch", saved(torch.eye(2).to_sparse()), "torch._utils._rebuild_sparse_tensor"),
}
script = io.BytesIO()
torch.jit.save(torch.jit.script(torch.nn.ReLU()), script)
hostile["TorchScript"] = ("torch", script.getvalue(), "TorchScript")
# Pairs of one list twice, and again and again: 2⁶⁰ elements to whoever walks them all.
pairs = b"".join(b"q" + bytes([i]) + b"h" + bytes([i]) + b"\x86" for i in range(60))
good["pairs of pairs, 2⁶⁰ in all"] = ("pickle", b"]" + pairs + b".", None)
good["a list that is in itself"] = ("pickle", b"]q\x00h\x00a.", None)

with open(os.path.join(os.path.dirname(__file__), "pickles.json"), "w") as out:
    json.dump(
        {
            "good": [
                {"name": n, "as": kind, "file": encoded(raw), **({} if v is None else {"value": told(v)})}
                for n, (kind, raw, v) in good.items()
            ],
            "hostile": [{"name": n, "as": kind, "file": encoded(raw), "said": said} for n, (kind, raw, said) in hostile.items()],
        },
        out,
        ensure_ascii=False,
    )
