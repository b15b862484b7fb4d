"""How PyTorch runs a case: the choices that an expert would try on the machine at hand. The defaults are PyTorch as it comes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from typing import Optional

import torch

precisions = {"float32": torch.float32, "float64": torch.float64}
layouts = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}

# The values of each axis, the one of PyTorch as it comes first, then the likelier first.
LAYOUT = {"layout": list(layouts)}
NORM = {"norm": ["group_norm", "instance_norm", "by hand"]}
BATCH = {"batch": [None, 32, 16, 64, 8]}
WORKERS = {"workers": [False, True]}
COMPILE = {"compile": [False, True]}
NETWORK = {**LAYOUT, **NORM, **BATCH}


@dataclass(frozen=True)
class Variant:
    """One point of the search.

    layout   memory format of images, weights and activations
    batch    images at a time where a sum over samples allows it; None: all
    norm     instance normalisation: a group norm of one channel a group, F.instance_norm, or written out
    workers  single-threaded threads that share out the pieces, instead of threads inside each operation
    compile  torch.compile

Two more say what is computed, not how, and are no axes of the search:

    precision   of all arithmetic: float32, or float64 for the reference that both sides are held against
    activation  of the network: relu, or swish, which has no corner at which rounding decides
    """

    layout: str = "contiguous"
    batch: Optional[int] = None
    norm: str = "group_norm"
    workers: bool = False
    compile: bool = False
    precision: str = "float32"
    activation: str = "relu"

    @property
    def dtype(self):
        return precisions[self.precision]

    @property
    def memory_format(self):
        return layouts[self.layout]

    def compiled(self, fn):
        return torch.compile(fn, dynamic=False) if self.compile else fn

    def pieces(self, *tensors):
        """Tuples of the tensors' rows, `batch` at a time."""
        size = self.batch or len(tensors[0])
        return list(zip(*(t.split(size) for t in tensors)))

    def alone(self):
        """The same inside a worker."""
        return replace(self, workers=False)

    def map(self, fn, items):
        """fn of each item in order, one after the other or shared out over the workers."""
        return pool().map(fn, items) if self.workers and len(items) > 1 else map(fn, items)


_threads = 1


@cache
def pool():
    """As many workers as PyTorch was given threads; the operations of each use one."""
    return ThreadPoolExecutor(_threads, initializer=torch.set_num_threads, initargs=(1,))


def use_threads(threads: int, variant: Variant) -> None:
    """Settles who runs in parallel: the workers, or the threads inside each operation."""
    global _threads
    _threads = threads
    torch.set_num_threads(1 if variant.workers else threads)
