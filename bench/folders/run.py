"""Condenses a folder of pictures for so long, as a person would type it, and scores the set beside random and k-means subsets
of its size. Writes docs/results/folders.json, and folders.md from it.

    npm run build
    python3 bench/folders/make.py FOLDER && python3 bench/folders/run.py FOLDER
    python3 bench/folders/run.py --write

--write only writes folders.md again.
"""

import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

root = Path(__file__).resolve().parents[2]
results = root / "docs/results/folders.json"
page = root / "docs/results/folders.md"
condense = ["--for", "10m", "--ipc", "1", "--size", "64"]
evaluate = ["--size", "64", "--nets", "convnet:width=16", "--epochs", "60", "--repeats", "1"]
evaluate += ["--augmentation", "none", "--baselines", "random,kmeans"]


def attar(*words):
    """What a command prints on stdout, its seconds by the clock, and those of processors."""
    spent = lambda: (lambda u: u.ru_utime + u.ru_stime)(resource.getrusage(resource.RUSAGE_CHILDREN))
    began, before = time.time(), spent()
    command = ["node", str(root / "dist/cli/main.js"), *map(str, words)]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return found, round(time.time() - began, 1), round(spent() - before, 1)


def processor():
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", info.read_text()) if info.exists() else None
    return found[1] if found else platform.processor()


def measured(folder, run):
    commit = subprocess.run(["git", "-C", root, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout
    load = os.getloadavg()[0]
    _, seconds, processors = attar("condense", folder, *condense, "--out", run)
    record = json.loads((run / "run.json").read_text())["configuration"]
    scores, scored, _ = attar("evaluate", run, "--on", folder, *evaluate, "--json")
    found = json.loads(scores)
    mean = lambda part: part["results"][0]["accuracy"]
    kept = ["method", "ipc", "steps", "realBatch", "network", "tricks", "initialisation"]
    return {
        "commit": commit.strip(),
        "condense": ["attar condense FOLDER", *condense],
        "evaluate": ["attar evaluate RUN --on FOLDER", *evaluate],
        "machine": {"processor": processor(), "cores": os.cpu_count(), "loadBefore": round(load, 1)},
        "seconds": {"condense": seconds, "condenseProcessors": processors, "evaluate": scored},
        "configuration": {name: record[name] for name in kept},
        "storedBytes": found["storedBytes"],
        "scores": {"set": mean(found)} | {rule: mean(part) for rule, part in found["baselines"].items()},
    }


def written(found):
    own, seconds, machine = found["configuration"], found["seconds"], found["machine"]
    row = lambda name, score: f"| {name} | {100 * score['mean']:.2f} |"
    classes = next((t["options"]["classes"] for t in own["tricks"] if t["name"] == "partition"), 200)
    names = {"set": f"`{own['method']}`", "random": "random", "kmeans": "k-means"}
    minutes = seconds["condense"] / 60
    share = seconds["condenseProcessors"] / seconds["condense"]
    lines = [
        "# A folder of pictures",
        "",
        "200 classes of JPEG pictures, 64x64, laid out as Tiny ImageNet is: 50,000 to train on, 10,000 to test on. They are CIFAR-10's,",
        "enlarged, each class cut into twenty by k-means (`bench/folders/make.py`): chance is 0.5 %. One image a class within ten minutes:",
        "",
        f"    {' '.join(found['condense'])}",
        f"    {' '.join(found['evaluate'])}",
        "",
        "| one image a class | accuracy, % |",
        "| --- | --- |",
        *(row(names[name], score) for name, score in found["scores"].items()),
        "",
        f"The first command chose {own['steps']} steps of {classes} classes, {own['realBatch']} real images of each, through a ConvNet of width",
        f"{own['network']['options']['width']}, and took {minutes:.1f} minutes with the reading of the folder, on {machine['cores']} cores ({machine['processor']}) that",
        f"other work shared: it had {share:.1f} of them in the mean. One network of few epochs each: more of either was not to be had beside that work.",
        f"Commit {found['commit'][:12]}.",
        "",
        "`python3 bench/folders/run.py FOLDER` writes this page; its figures are in [folders.json](folders.json).",
        "",
    ]
    page.write_text("\n".join(lines))


if sys.argv[1:] != ["--write"]:
    with tempfile.TemporaryDirectory() as place:
        results.write_text(json.dumps(measured(Path(sys.argv[1]).resolve(), Path(place) / "run"), indent=2) + "\n")
written(json.loads(results.read_text()))
