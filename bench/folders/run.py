"""Condenses a folder of pictures for so long, as a person would type it, and scores the set beside random and k-means subsets
of its size. Writes docs/results/folders.json, and folders.md from it.

    npm run build
    python3 bench/folders/make.py FOLDER && python3 bench/folders/run.py FOLDER RUN
    python3 bench/folders/run.py --write

RUN is the folder of the run: a finished one is scored as far as it is not yet. --write only writes folders.md again.
"""

import json
import math
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

root = Path(__file__).resolve().parents[2]
results = root / "docs/results/folders.json"
page = root / "docs/results/folders.md"
reading = ["--size", "64"]
condense = ["--for", "10m", "--ipc", "1", *reading]
subsets = ["random", "kmeans"]
# Every network takes as many gradient steps, whatever its set decodes to.
steps, batch = 240, 256
evaluate = [*reading, "--nets", "convnet:width=16", "--repeats", "1", "--augmentation", "none", "--baselines", "none"]


def attar(*words):
    """What a command prints on stdout."""
    command = ["node", str(root / "dist/cli/main.js"), *map(str, words)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def condensed(folder, run):
    """Makes the run where it is not there, and says how long the command took and what else the machine had to do."""
    timing = run.parent / f"{run.name}.timing.json"
    if not (run / "condensed.safetensors").exists():
        commit = subprocess.run(["git", "-C", root, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
        load, began = os.getloadavg()[0], time.time()
        attar("condense", folder, *condense, "--out", run)
        found = {"commit": commit.stdout.strip(), "load": round(load, 1), "seconds": round(time.time() - began)}
        timing.write_text(json.dumps(found))
    return json.loads(timing.read_text())


def processor():
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", info.read_text()) if info.exists() else None
    return found[1] if found else platform.processor()


def subset(rule):
    """Words that take images of the folder as they are."""
    return ["--method", rule, "--ipc", "1", *reading]


def images(configuration, classes):
    """Images that a set decodes to: of some spaces an image holds factor x factor smaller ones."""
    return classes * configuration["ipc"] * configuration["synthetic"]["options"].get("factor", 1) ** 2


def scored(run, folder):
    """Scores a set for `steps` gradient steps; its protocol says how many images a step takes."""
    configuration = json.loads((run / "run.json").read_text())["configuration"]
    classes = sum(entry.is_dir() for entry in (folder / "train").iterdir())
    epochs = round(steps / math.ceil(images(configuration, classes) / batch))
    words = [*evaluate, "--epochs", str(epochs)]
    found = json.loads(attar("evaluate", run, "--on", folder, *words, "--resume", "--json"))
    assert found["protocol"]["recipe"]["batch"] == batch
    return {"evaluate": words, "storedBytes": found["storedBytes"], "accuracy": found["results"][0]["accuracy"]}


def measured(folder, run):
    timing = condensed(folder, run)
    record = json.loads((run / "run.json").read_text())
    own = record["configuration"]
    runs = {"set": run}
    for rule in subsets:
        runs[rule] = run.parent / f"{run.name}-{rule}"
        attar("condense", folder, *subset(rule), "--out", runs[rule], "--resume")
    kept = ["method", "ipc", "steps", "realBatch", "network", "tricks", "initialisation"]
    return {
        "commit": timing["commit"],
        "condense": ["attar condense FOLDER", *condense],
        "machine": {"processor": processor(), "cores": os.cpu_count(), "load": timing["load"]},
        "seconds": {"command": timing["seconds"], "run": round(record["seconds"])},
        "configuration": {name: own[name] for name in kept} | {"endedAtStep": record.get("endedAtStep", own["steps"])},
        "gradientSteps": steps,
        "scores": {name: scored(of, folder) for name, of in runs.items()},
    }


def written(found):
    own, seconds, machine = found["configuration"], found["seconds"], found["machine"]
    row = lambda name, score: f"| {name} | {100 * score['accuracy']['mean']:.2f} | {score['storedBytes']} |"
    classes = next((t["options"]["classes"] for t in own["tricks"] if t["name"] == "partition"), 200)
    names = {"set": f"`{own['method']}`", "random": "random", "kmeans": "k-means"}
    lines = [
        "# A folder of pictures",
        "",
        "200 classes of JPEG pictures, 64x64, laid out as Tiny ImageNet is: 50,000 to train on, 10,000 to test on. They are CIFAR-10's,",
        "enlarged, each class cut into twenty by k-means (`bench/folders/make.py`): chance is 0.5 %. One image a class within ten minutes:",
        "",
        f"    {' '.join(found['condense'])}",
        f"    attar evaluate RUN --on FOLDER {' '.join(found['scores']['set']['evaluate'])}",
        "",
        "| one image a class | accuracy, % | bytes |",
        "| --- | --- | --- |",
        *(row(names[name], score) for name, score in found["scores"].items()),
        "",
        f"The first command chose {own['steps']} steps of {classes} classes, {own['realBatch']} real images of each, through a ConvNet of width",
        f"{own['network']['options']['width']}; it ended at step {own['endedAtStep']}, and took {seconds['command']} s with the reading of the folder and the writing of the set,",
        f"on {machine['cores']} cores ({machine['processor']}), {machine['load']} processes in want of them on the average when it began. One network",
        f"each, {found['gradientSteps']} gradient steps whatever a set decodes to. The subsets are those of `attar condense FOLDER {' '.join(subset('random'))}`",
        "and of `kmeans`, scored with as many epochs as take these steps.",
        f"Commit {found['commit'][:12]}.",
        "",
        "`python3 bench/folders/run.py FOLDER RUN` writes this page; its figures are in [folders.json](folders.json).",
        "",
    ]
    page.write_text("\n".join(lines))


if sys.argv[1:] != ["--write"]:
    folder, run = (Path(word).resolve() for word in sys.argv[1:])
    results.write_text(json.dumps(measured(folder, run), indent=2) + "\n")
written(json.loads(results.read_text()))
