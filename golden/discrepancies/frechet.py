"""The Fréchet distance of Gaussians, a polynomial MMD by SciPy and scikit-learn in float64: writes frechet.json beside this file.

Points by the formula of ../kernels/formula.py: x [40, 6] is tensor 1, y [30, 6] tensor 2 scaled by 0.8 and moved by 0.3; `narrow` has
y's third column replaced by its first, so that the covariance is singular. `few` is of 12 and 10 points in 40 dimensions, tensors 4 and 5.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.linalg import eigvalsh, sqrtm
from sklearn.metrics.pairwise import polynomial_kernel

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "kernels"))
from formula import values  # noqa: E402

x, y = values([40, 6], 1), values([30, 6], 2, 0.8, 0.3)
narrow = y.copy()
narrow[:, 2] = narrow[:, 0]


def frechet(a, b):
    s, t = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    gap = a.mean(0) - b.mean(0)
    return float(gap @ gap + np.trace(s + t - 2 * np.real(sqrtm(s @ t))))


def few(a, b):
    """The same for fewer points than dimensions, where the root of the product is not to be had: by its eigenvalues."""
    s, t = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    gap = a.mean(0) - b.mean(0)
    roots = np.sqrt(np.maximum(0, np.linalg.eigvals(s @ t).real))
    return float(gap @ gap + np.trace(s + t) - 2 * roots.sum())


def mmd(a, b, unbiased):
    k = lambda u, v: polynomial_kernel(u, v, degree=3, gamma=1 / u.shape[1], coef0=1)
    xx, yy, xy = k(a, a), k(b, b), k(a, b)
    off = lambda m: (m.sum() - np.trace(m)) / (len(m) * (len(m) - 1))
    own = off if unbiased else np.mean
    return float(np.sqrt(max(0, own(xx) + own(yy) - 2 * xy.mean())))


if __name__ == "__main__":
    symmetric = values([30, 30], 3)
    out = dict(
        frechet=frechet(x, y),
        singular=frechet(x, narrow),
        few=few(values([12, 40], 4), values([10, 40], 5, 0.8, 0.3)),
        biased=mmd(x, y, False),
        unbiased=mmd(x, y, True),
        eigenvalues=[float(v) for v in eigvalsh(symmetric + symmetric.T)],
    )
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
