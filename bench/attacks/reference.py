"""AutoAttack and APGD of their authors, for bench/attacks/main.ts: requests and replies are lines of JSON.

Needs PyTorch, NumPy and a checkout of github.com/fra31/auto-attack (commit a392200) on PYTHONPATH.
"""

import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "peers"))

try:
    import torch
    from autoattack import AutoAttack
    from autoattack.autopgd_base import APGDAttack
except ImportError as error:
    print(json.dumps({"unavailable": f"{error}; PYTHONPATH names a checkout of auto-attack"}), flush=True)
    sys.exit(1)

from convnet import ConvNet  # noqa: E402
from tensorfiles import read  # noqa: E402


class InPixels(torch.nn.Module):
    """A network behind the normalisation of its data."""

    def __init__(self, network, mean, std):
        super().__init__()
        self.network, self.mean, self.std = network, mean, std

    def forward(self, pixels):
        return self.network((pixels - self.mean) / self.std)


class Server:
    def hello(self, threads):
        torch.set_num_threads(threads)
        torch.manual_seed(0)
        return {"version": torch.__version__}

    def load(self, folder, tensors, width):
        own = read(folder, tensors, torch.float32)
        self.x, self.y = own.pop("images"), own.pop("labels").long()
        mean, std = own.pop("mean"), own.pop("std")
        weights = {name.removeprefix("net."): value for name, value in own.items()}
        classes, features = weights["head.weight"].shape
        padding = 3 if self.x.shape[-1] == 28 else 1
        network = ConvNet(self.x.shape[1], padding, features, classes, width, "group_norm", "relu")
        network.act = torch.nn.functional.relu
        network.load_state_dict(weights)
        network.eval().requires_grad_(False)
        self.model = InPixels(network, mean.reshape(1, -1, 1, 1), std.reshape(1, -1, 1, 1))
        with torch.no_grad():
            return {"right": (self.model(self.x).argmax(1) == self.y).int().tolist()}

    def ensemble(self, norm, radius, seed):
        name = {"linf": "Linf", "l2": "L2"}[norm]
        attack = AutoAttack(self.model, norm=name, eps=radius, version="standard", device="cpu", seed=seed, verbose=False)
        begun = time.perf_counter()
        found = attack.run_standard_evaluation(self.x, self.y, bs=500)
        seconds = time.perf_counter() - begun
        with torch.no_grad():
            return {"right": (self.model(found).argmax(1) == self.y).int().tolist(), "seconds": seconds}

    def apgd(self, radius, steps, begin, end):
        x, y = self.x[begin:end], self.y[begin:end]
        attack = APGDAttack(self.model, n_iter=steps, norm="Linf", eps=radius, loss="ce", device="cpu")
        attack.init_hyperparam(x)
        begun = time.perf_counter()
        _, right, best, _ = attack.attack_single_run(x, y, x_init=x)
        return {"seconds": time.perf_counter() - begun, "loss": best.tolist(), "right": right.int().tolist()}


server = Server()
out, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    request = json.loads(line)
    try:
        reply = getattr(server, request.pop("op"))(**request)
    except Exception as error:  # noqa: BLE001
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), file=out, flush=True)
