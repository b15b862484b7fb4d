"""Runs the bench's cases in PyTorch. One JSON request a line on stdin, one JSON reply a line on stdout, until stdin ends.

    {"op": "hello", "threads": n}                       -> {"name", "version", "threads"}
    {"op": "sgemm", "size": n}                          -> {"ms"}
    {"op": "load", "case", "folder", "tensors", "tries"} -> {"variant"}, the fastest of the case's variants; tries 0: plain
    {"op": "run", "save": folder or absent}             -> {"ms", "tensors": shapes by name if saved}
    {"op": "memory"}                                    -> {"bytes"}
"""

import json
import resource
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
from dm_iteration import DmIteration
from features import Features
from gradient import Gradient
from gradient_matching import GradientMatchingStep
from idc import IdcStep
from kernel_ridge import KernelRidge
from training_epoch import TrainingEpoch
from trajectory_matching import TrajectoryStep
from unroll import Unroll

cases = {
    "features-256": Features,
    "gradient-256": Gradient,
    "gradient-matching-step": GradientMatchingStep,
    "idc-step": IdcStep,
    "dm-iteration-ipc10": DmIteration,
    "training-epoch-100": TrainingEpoch,
    "trajectory-step-ipc10": TrajectoryStep,
    "kernel-ridge-step": KernelRidge,
    "unroll-20": Unroll,
    "unroll-200": Unroll,
}
layouts = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def timed(run):
    started = time.perf_counter()
    result = run()
    return 1000 * (time.perf_counter() - started), result


def fastest(case, tensors, tries):
    """Times every layout and grouping and returns a fresh case of the fastest, with its name; the plain one without tries."""
    if tries == 0:
        return case(tensors, torch.contiguous_format, None), "plain"
    best = None
    for layout, memory_format in layouts.items():
        for group in case.groupings:
            candidate = case(tensors, memory_format, group)
            candidate.run()
            ms = min(timed(candidate.run)[0] for _ in range(tries))
            if best is None or ms < best[0]:
                best = (ms, memory_format, group, layout)
    _, memory_format, group, layout = best
    return case(tensors, memory_format, group), layout if group is None else f"{layout}, {group} at a time"


class Server:
    current = None

    def hello(self, threads):
        torch.set_num_threads(threads)
        return {"name": "PyTorch", "version": torch.__version__, "threads": torch.get_num_threads()}

    def sgemm(self, size):
        a, b = torch.randn(size, size), torch.randn(size, size)
        out = torch.empty(size, size)
        with torch.inference_mode():
            return {"ms": timed(lambda: torch.mm(a, b, out=out))[0]}

    def load(self, case, folder, tensors, tries):
        self.current, variant = fastest(cases[case], tensorfiles.read(folder, tensors), tries)
        return {"variant": variant}

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
