"""Condenses tables to ten rows a class, and scores these rows beside random and k-means subsets: with attar's MLP, and with
scikit-learn's models, which read the rows as they are exported. Writes docs/results/tables.json and tables.md.

    npm run build && python3 bench/tables/run.py [names] [--write]

--write only writes tables.md again. Needs pandas and scikit-learn.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from datasets import held_out, split, tables
from readers import classifiers, regressors, score, summary

root = Path(__file__).resolve().parents[2]
results = root / "docs/results/tables.json"
page = root / "docs/results/tables.md"
ipc, draws, repeats = 10, 5, 5
large = 5_000


def attar(*words):
    command = ["node", str(root / "dist/cli/main.js"), *map(str, words), "--quiet"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def exported(folder, name, method, options):
    """The rows that a method makes of the training split, as pandas reads them, and the run."""
    run, out = folder / method, folder / f"{method}-csv"
    attar("condense", folder / f"{name}_train.csv", *options, "--method", method, "--ipc", ipc, "--out", run)
    attar("export", run, "--to", "csv", "--out", out)
    return pd.read_csv(out / "condensed.csv"), run


def compared(name, folder):
    train, test = split(name)
    target = "label" if "label" in train else "progression"
    classes = target == "label"
    options = [] if classes else ["--label", target, "--target", "values"]
    for part, frame in (("train", train), ("test", test)):
        frame.to_csv(folder / f"{name}_{part}.csv", index=False)
    rows, run = exported(folder, name, "dm", options)
    assert list(rows.columns) == list(train.columns), "the columns are those of the table, in their order"
    whole = [c for c in train.columns if train[c].dtype.kind == "i"]
    assert all(rows[c].dtype.kind == "i" for c in whole), "whole numbers are whole"
    centres, _ = exported(folder, name, "kmeans", options)
    words = ["--on", folder / f"{name}_train.csv", *options, "--baselines", "random,kmeans", "--repeats", repeats, "--json"]
    found = json.loads(attar("evaluate", run, *words))
    own = lambda r: r["accuracy"] if classes else r["readings"]["r2"]
    networks = {"condensed": own(found["results"][0])}
    networks |= {rule: own(b["results"][0]) for rule, b in found["baselines"].items()}
    drawn = [
        train.groupby("label").sample(ipc, random_state=s) if classes else train.sample(len(rows), random_state=s)
        for s in range(draws)
    ]
    readers = {"mlp": networks}
    for reader, model in (classifiers if classes else regressors).items():
        scores = lambda own: summary([score(model(s), own, test, target) for s in range(draws)])
        readers[reader] = {
            "condensed": scores(rows),
            "random": summary([score(model(s), drawn[s], test, target) for s in range(draws)]),
            "kmeans": scores(centres),
        }
        if len(train) < large or reader != "gradient boosting":
            readers[reader]["full"] = summary([score(model(0), train, test, target)])
    return {
        "rows": {"train": len(train), "test": len(test), "condensed": len(rows)},
        "columns": train.shape[1] - 1,
        "score": "accuracy" if classes else "R²",
        "method": "dm",
        "readers": readers,
    }


def beats(reader):
    condensed, random = reader["condensed"], reader["random"]
    return condensed["mean"] - random["mean"] > max(condensed["std"], random["std"])


def markdown(found):
    share = lambda s: "–" if s is None else f"{100 * s['mean']:.1f} ± {100 * s['std']:.1f}"
    lines = [
        "# Tables",
        "",
        f"Ten rows a class by DM (of `diabetes`, a regression, ten a bin of five), {100 * held_out:.0f} % of the rows held out. The MLP is trained",
        f"by `attar evaluate` ({repeats} networks); scikit-learn's models are trained on the rows of `attar export --to csv`, read by pandas, in the",
        f"table's own columns and units ({draws} seeds; random subsets are drawn anew for each). Accuracy, or R², in %, on the held-out rows: mean and",
        "deviation. Bold: above random by more than the larger deviation of the two. `python3 bench/tables/run.py` writes this page;",
        "`generated` is scikit-learn's `make_classification` with two columns of categories and blanks.",
        "",
        "| table | rows, columns | reader | condensed | random | k-means | all rows |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, table in found.items():
        for i, (reader, scores) in enumerate(table["readers"].items()):
            own = share(scores["condensed"])
            lines.append(
                f"| {name + (' (R²)' if table['score'] == 'R²' else '') if i == 0 else ''} | {str(table['rows']['train']) + ', ' + str(table['columns']) if i == 0 else ''} | {reader} | "
                f"{'**' + own + '**' if beats(scores) else own} | {share(scores['random'])} | {share(scores['kmeans'])} | {share(scores.get('full'))} |"
            )
    return "\n".join(lines + ["", *remarks(found)]) + "\n"


def remarks(found):
    """What is not above random by more than the deviation, and what was measured beside it."""
    lines = ["Not above random by more than the deviation, and what the figures say of it:", ""]
    for name, table in found.items():
        for reader, scores in table["readers"].items():
            if beats(scores):
                continue
            condensed, random, kmeans = (scores[rows] for rows in ("condensed", "random", "kmeans"))
            test = table["rows"]["test"]
            row = 1 / test
            if random["mean"] + row >= scores.get("full", {"mean": 1})["mean"]:
                why = "random rows are within one test row of all rows: there is nothing left to gain"
            elif condensed["mean"] > random["mean"]:
                points = 100 * (condensed["mean"] - random["mean"])
                why = f"{points:.1f} points above, and random draws scatter by {100 * random['std']:.1f}"
            else:
                low = " (chosen real rows, k-means, are below random as well)" if kmeans["mean"] < random["mean"] else ""
                why = f"{100 * (random['mean'] - condensed['mean']):.1f} points below{low}; one set of {table['rows']['condensed']} rows and {test} test rows"
            lines.append(f"- {name}, {reader}: {why}.")
    return lines


def main():
    words = [word for word in sys.argv[1:] if word != "--write"]
    known = lambda: json.loads(results.read_text()) if results.exists() else {}
    for name in [] if "--write" in sys.argv else words or tables:
        with tempfile.TemporaryDirectory() as folder:
            own = compared(name, Path(folder))
        found = known() | {name: own}
        found = {each: found[each] for each in tables if each in found}
        results.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        print(name, {reader: beats(scores) for reader, scores in found[name]["readers"].items()}, flush=True)
    page.write_text(markdown(known()))


main()
