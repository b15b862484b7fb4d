"""MMD and its permutation statistic by SciPy and scikit-learn in float64: writes mmd.json beside this file.

Points by the formula of ../kernels/formula.py: x [12, 5] is tensor 1, y [9, 5] tensor 2 scaled by 0.8 and moved by 0.3.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.spatial.distance import cdist, pdist
from sklearn.metrics.pairwise import rbf_kernel

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "kernels"))
from formula import flat, values  # noqa: E402

x, y = values([12, 5], 1), values([9, 5], 2, 0.8, 0.3)
u = np.arange(1, 13) / np.arange(1, 13).sum()
v = np.arange(9, 0, -1) / np.arange(1, 10).sum()


def kernel(gamma, c):
    if gamma == 2:
        return lambda a, b: rbf_kernel(a, b, gamma=c)
    return lambda a, b: np.exp(-c * cdist(a, b) ** gamma)


def case(gamma, c):
    k = kernel(gamma, c)
    xx, yy, xy = k(x, x), k(y, y), k(x, y)
    n, m = len(x), len(y)
    off = lambda a: (a.sum() - np.trace(a)) / (len(a) * (len(a) - 1))
    return dict(
        gamma=gamma,
        c=c,
        matrix=flat(xy),
        biased=xx.mean() + yy.mean() - 2 * xy.mean(),
        unbiased=off(xx) + off(yy) - 2 * xy.mean(),
        weighted=u @ xx @ u + v @ yy @ v - 2 * u @ xy @ v,
    )


if __name__ == "__main__":
    median = float(np.median(pdist(np.concatenate([x, y]))))
    out = dict(median=median, cases=[case(2, 0.3), case(1, 0.5), case(1.5, 0.2), case(0.5, 1.0)])
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
