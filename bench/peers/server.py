"""Runs the bench's cases in PyTorch. One JSON request a line on stdin, one JSON reply a line on stdout, until stdin ends.

    {"op": "hello", "threads": n}                          -> {"name", "version", "threads", "python"}
    {"op": "sgemm", "size": n}                             -> {"ms"}
    {"op": "options", "case"}                              -> {"options": values of each axis of variant.py that the case has}
    {"op": "load", "case", "folder", "tensors", "variant"} -> {}; the case in that variant, with its weights as sent
    {"op": "trial", "milliseconds": n}                     -> {"ms"}: one run to warm up, the median of up to three in that time
    {"op": "run", "save": folder or absent}                -> {"ms", "tensors": types and shapes by name if saved}
    {"op": "memory"}                                       -> {"bytes"}
"""

import gc
import json
import platform
import resource
import statistics
import sys
import time

replies = sys.stdout
sys.stdout = sys.stderr

try:
    import torch
except ImportError as error:
    print(json.dumps({"unavailable": str(error)}), file=replies, flush=True)
    sys.exit(0)

import tensorfiles
from adversarial_step import AdversarialStep
from bptt import Bptt
from dc import Dc
from denoiser_step import DenoiserStep
from dm import Dm
from features import Features
from generator_step import GeneratorStep
from gradient import Gradient
from gradient_matching import GradientMatchingStep
from idc import Idc
from kernel_ridge import KernelRidge
from kip import Kip
from mtt import Mtt
from training_epoch import TrainingEpoch
from unroll import Unroll
from variant import Variant, use_threads

cases = {
    "features-256": Features,
    "gradient-256": Gradient,
    "gradient-matching-step": GradientMatchingStep,
    "training-epoch-100": TrainingEpoch,
    "generator-step-128": GeneratorStep,
    "cgan-step-128": AdversarialStep,
    "denoiser-step-128": DenoiserStep,
    "kernel-ridge-step": KernelRidge,
    "unroll-20": Unroll,
    "unroll-200": Unroll,
    "dm-step": Dm,
    "dc-step": Dc,
    "idc-step": Idc,
    "kip-step": Kip,
    "bptt-step": Bptt,
    "mtt-step": Mtt,
}


def timed(run):
    started = time.perf_counter()
    result = run()
    return 1000 * (time.perf_counter() - started), result


class Server:
    current = None
    threads = 1

    def hello(self, threads):
        self.threads = threads
        torch.set_num_threads(threads)
        return {
            "name": "PyTorch",
            "version": torch.__version__,
            "threads": torch.get_num_threads(),
            "python": platform.python_version(),
        }

    def sgemm(self, size):
        torch.set_default_dtype(torch.float32)
        a, b = torch.randn(size, size), torch.randn(size, size)
        out = torch.empty(size, size)
        with torch.inference_mode():
            return {"ms": timed(lambda: torch.mm(a, b, out=out))[0]}

    def options(self, case):
        return {"options": cases[case].options}

    def load(self, case, folder, tensors, variant):
        self.current = None
        gc.collect()
        chosen = Variant(**variant)
        use_threads(self.threads, chosen)
        torch.set_default_dtype(chosen.dtype)
        self.current = cases[case](tensorfiles.read(folder, tensors, chosen.dtype), chosen)
        return {}

    def trial(self, milliseconds):
        run = getattr(self.current, "trial", self.current.run)
        run()
        times = [timed(run)[0]]
        while len(times) < 3 and sum(times) < milliseconds:
            times.append(timed(run)[0])
        return {"ms": statistics.median(times)}

    def run(self, save=None):
        ms, result = timed(self.current.run)
        return {"ms": ms} if save is None else {"ms": ms, "tensors": tensorfiles.write(save, result)}

    def memory(self):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"bytes": peak if sys.platform == "darwin" else peak * 1024}


server = Server()
for line in sys.stdin:
    request = json.loads(line)
    try:
        reply = getattr(server, request.pop("op"))(**request)
    except Exception as error:  # the reason goes to whoever asked; the process stays
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), file=replies, flush=True)
