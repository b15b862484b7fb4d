"""Holds what attar writes for other programs against attar itself. Writes docs/results/exports.json and exports.md.

    npm run build && python3 bench/exports/run.py [digits] [mnist] [onnx] [--write]

digits, mnist: a set is condensed, three networks are trained on it by attar evaluate, and three by the train.py that
attar export --to pytorch writes: the same protocol, other random numbers. onnx: attar train writes a network of every kind
on digits, scaled up where it does not admit 8x8 images, and ONNX Runtime for Python answers the test split. --write only
writes the page again.
Needs PyTorch, safetensors, onnxruntime, NumPy and scikit-learn.
"""

import json
import platform
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

root = Path(__file__).resolve().parents[2]
results = root / "docs/results/exports.json"
page = root / "docs/results/exports.md"
networks = 3

# How sets are condensed, and the epochs of networks trained on them.
runs = {
    "digits": ("attar condense digits --method dm --ipc 5 --steps 50 --out {run}", 100),
    "mnist": ("attar condense mnist --method dm --ipc 1 --steps 200 --set realBatch=32 --out {run}", 300),
}
# Networks with the side of the images that they are tried on; series for the one over time.
kinds = {
    "convnet": 8,
    "convnet:depth=2,width=32,normalisation=batch": 8,
    "mlp": 8,
    "linear": 8,
    "lenet": 32,
    "alexnet": 32,
    "vgg11": 32,
    "resnet18": 32,
    "resnet18:normalisation=batch": 32,
    "convnet1d": "series",
}


def call(line, **places):
    """Runs a line as it is typed, attar by the build of this checkout; what it prints on stdout."""
    words = shlex.split(line.format(**places))
    if words[0] == "attar":
        words = ["node", str(root / "dist/cli/main.js"), *words[1:], "--quiet"]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{line}\n{done.stderr}")
    return done.stdout


def commit():
    git = lambda *words: subprocess.run(["git", "-C", root, *words], capture_output=True, text=True).stdout.strip()
    return git("rev-parse", "HEAD") + ("-dirty" if git("status", "--porcelain", "src") else "")


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":")[1].strip() for line in lines if "model name" in line]
    return f"{len(names)} cores of {names[0]}" if names else platform.processor()


def trained(name, folder):
    """Accuracies of networks that attar trains on a set, and of those that train.py does."""
    condense, epochs = runs[name]
    commands = [
        condense,
        f"attar evaluate {{run}} --on {name} --repeats {networks} --epochs {epochs} --baselines none --json",
        f"attar export {{run}} --to pytorch --on {name} --json",
        f"{sys.executable} {{run}}-pytorch/train.py --networks {networks} --epochs {epochs} --json",
    ]
    places = {"run": folder / name}
    call(commands[0], **places)
    begun = time.perf_counter()
    [found] = json.loads(call(commands[1], **places))["results"]
    seconds = time.perf_counter() - begun
    call(commands[2], **places)
    own = json.loads(call(commands[3], **places))
    shown = [c.format(run=f"runs/{name}").replace(sys.executable, "python") for c in commands]
    return {
        "commands": shown,
        "attar": {**found["accuracy"], "seconds": seconds},
        "train.py": {**own["accuracy"], "seconds": own["seconds"]},
        "network": found["net"],
        "epochs": own["epochs"],
        "torch": own["torch"],
    }


def enlarged(folder):
    """Digits of scikit-learn, each pixel a square of 4x4, and as series of 8 channels: .npz with a test split."""
    import numpy as np
    from sklearn.datasets import load_digits

    digits, split = load_digits(), 1700
    images, labels = digits.images.astype(np.uint8) * 15, digits.target
    rest = {"y_train": labels[:split], "y_test": labels[split:]}
    large = images.repeat(4, 1).repeat(4, 2)
    np.savez(folder / "digits32.npz", x_train=large[:split], x_test=large[split:], **rest)
    series = images.astype(np.float32) / 240
    np.savez(folder / "series.npz", x_train=series[:split], x_test=series[split:], **rest)
    data = {32: (large[split:, None] / 255).astype(np.float32), "series": series[split:]}
    return data, labels[split:]


def answered(folder):
    """The accuracy that attar says of each network, and that of its file in ONNX Runtime for Python."""
    import numpy as np
    import onnxruntime

    data, labels = enlarged(folder)
    sources = {8: "digits", 32: folder / "digits32.npz", "series": f"{folder / 'series.npz'} --domain series"}
    rows = {}
    for net, kind in kinds.items():
        path = folder / "network.onnx"
        path.unlink(missing_ok=True)
        words = f"--ipc 2 --net {net} --epochs 3 --augmentation none --json"
        line = f"attar train random --on {{data}} --to {{to}} {words}"
        found = json.loads(call(line, data=sources[kind], to=path))
        session = onnxruntime.InferenceSession(path)
        if kind == 8:
            out = folder / "digits-test"
            call("attar export {run} --to pytorch --on digits --out {out}", run=digits_run(folder), out=out)
            x, y = digits_test(out / "test.safetensors")
        else:
            x, y = data[kind], labels
        logits, probabilities = session.run(["logits", "probabilities"], {"samples": x})
        right = int((logits.argmax(1) == y).sum())
        wanted = found["evaluation"]["results"][0]["accuracy"]["mean"] * len(y)
        softmax = np.exp(logits - logits.max(1, keepdims=True))
        off = float(np.abs(softmax / softmax.sum(1, keepdims=True) - probabilities).max())
        counts = {"samples": len(y), "attar": round(wanted), "onnxruntime": right}
        rows[net] = {**counts, "outputs": found["difference"], "softmax": off}
        print(net, rows[net], flush=True)
        if abs(right - wanted) > 1.5 or off > 1e-5:
            sys.exit(f"{net}: the file is right {right} times in Python, the network {wanted} times")
    return {"version": onnxruntime.__version__, "networks": rows}


def digits_run(folder):
    run = folder / "digits-random"
    if not run.exists():
        call("attar condense digits --method random --ipc 1 --out {run}", run=run)
    return run


def digits_test(path):
    from safetensors import safe_open

    with safe_open(path, framework="np") as file:
        scale = float(file.metadata()["scale"])
        return (file.get_tensor("images") / scale).astype("float32"), file.get_tensor("labels")


def written(found):
    percent = lambda s: f"{100 * s['mean']:.2f} ± {100 * s['std']:.2f}"
    lines = [
        "# Exports, in the programs that they are for",
        "",
    ]
    measured = [
        "Three networks trained on a condensed set by `attar evaluate`, and three by the `train.py` that `attar export",
        "--to pytorch` writes: accuracy on the test split after the last epoch, %, ± the sample deviation. One protocol,",
        "other random numbers. `python3 bench/exports/run.py` measures again.",
        "",
        "| set | attar | PyTorch | commit |",
        "| --- | ----- | ------- | ------ |",
    ]
    lines += measured if any(name in found for name in runs) else []
    for name in runs:
        if name in found:
            r = found[name]
            cells = [name, percent(r["attar"]), percent(r["train.py"]), r["commit"][:7]]
            lines.append(f"| {' | '.join(cells)} |")
    for name in runs:
        if name in found:
            r = found[name]
            lines += ["", f"{name}: {r['network']}, {r['epochs']} epochs, PyTorch {r['torch']}, {r['machine']}:", ""]
            lines += [f"    {line}" for line in r["commands"]]
    if "onnx" in found:
        r = found["onnx"]
        lines += [
            "",
            "## Networks as ONNX files",
            "",
            "`attar train random --net … --to network.onnx` on digits (8x8; each pixel a square of 4x4 for networks that need",
            f"larger images; rows as channels for the one over time), and the file in ONNX Runtime {r['version']} for Python:",
            "test samples that either has right, and the largest difference of outputs as a share of the largest.",
            "",
            "| network | samples | right, attar | right, Python | difference |",
            "| ------- | ------- | ------------ | ------------- | ---------- |",
        ]
        for net, n in r["networks"].items():
            cells = [f"`{net}`", n["samples"], n["attar"], n["onnxruntime"], f"{n['outputs']:.0e}"]
            lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"


def kept():
    return json.loads(results.read_text()) if results.exists() else {}


words = sys.argv[1:]
if "--write" not in words:
    for name in words or [*runs, "onnx"]:
        with tempfile.TemporaryDirectory() as folder:
            measured = answered(Path(folder)) if name == "onnx" else trained(name, Path(folder))
        found = {**kept(), name: {**measured, "commit": commit(), "machine": processor()}}
        results.write_text(json.dumps(found, indent=1) + "\n")
page.write_text(written(kept()))
