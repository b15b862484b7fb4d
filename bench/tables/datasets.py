"""Tables with their splits: scikit-learn's own, and a generated one of numbers, categories and missing values."""

import numpy as np
import pandas as pd
from sklearn import datasets
from sklearn.model_selection import train_test_split

held_out = 0.2


def generated(rows=20_000):
    """Numbers, two columns of categories and blanks; five classes. A stand-in for a large table such as Covertype or Adult."""
    x, y = datasets.make_classification(
        rows, 20, n_informative=12, n_redundant=4, n_classes=5, n_clusters_per_class=3, class_sep=1.5, random_state=0
    )
    frame = pd.DataFrame(np.round(x, 3), columns=[f"x{i + 1}" for i in range(x.shape[1])])
    for name in ("x1", "x2"):
        frame[name] = pd.qcut(frame[name], 4, labels=["low", "middling", "high", "highest"]).astype(object)
    blanks = np.random.default_rng(0).random((rows, 3)) < 0.05
    for i, name in enumerate(("x2", "x3", "x4")):
        frame.loc[blanks[:, i], name] = None
    frame["label"] = [f"class {c}" for c in y]
    return frame


def bundled(loader, target="label", **options):
    bunch = loader(**options)
    names = [str(name).replace(" ", "_").replace("/", "_per_") for name in bunch.feature_names]
    frame = pd.DataFrame(bunch.data, columns=names)
    frame[target] = bunch.target.astype(int) if target == "progression" else [f"class {c}" for c in bunch.target]
    return frame


tables = {
    "wine": lambda: bundled(datasets.load_wine),
    "breast-cancer": lambda: bundled(datasets.load_breast_cancer),
    "digits-table": lambda: bundled(datasets.load_digits).rename(columns=lambda name: name.replace("pixel", "p")),
    "diabetes": lambda: bundled(datasets.load_diabetes, "progression", scaled=False),
    "generated": generated,
}


def split(name):
    """The training and the test rows, stratified by class."""
    frame = tables[name]()
    stratify = frame["label"] if "label" in frame else None
    return train_test_split(frame, test_size=held_out, random_state=0, stratify=stratify)
