"""Central moments with SciPy and covariances with NumPy in float64: writes moments.json beside this file."""

import json
import pathlib

import numpy as np
from scipy import stats

from small_mlp import measure


def stacked(x, order):
    return np.stack([x.mean(0)] + [stats.moment(x, k, axis=0) for k in range(2, order + 1)])


if __name__ == "__main__":
    (x, _, v), (y, _, w) = measure(7, 90), measure(5, 91)
    x, y, v, w = (t.numpy() for t in (x, y, v, w))
    weighted = [np.average(p, axis=0, weights=q) for p, q in ((x, v), (y, w))]
    spread = [np.average((p - m) ** 2, axis=0, weights=q) for (p, q), m in zip(((x, v), (y, w)), weighted)]
    covariances = [np.cov(p.T, aweights=q, bias=True) for p, q in ((x, v), (y, w))]
    out = dict(
        moments=stacked(x, 5).tolist(),
        squared={str(k): float(np.sum((stacked(x, k) - stacked(y, k)) ** 2)) for k in (1, 2, 3, 5)},
        weighted=np.sqrt(np.sum((weighted[0] - weighted[1]) ** 2) + np.sum((spread[0] - spread[1]) ** 2)),
        covariance=covariances[0].tolist(),
        weightedCovariance=np.sqrt(
            np.sum((weighted[0] - weighted[1]) ** 2) + np.sum((covariances[0] - covariances[1]) ** 2)
        ),
        uniformCovariance=np.cov(x.T, bias=True).tolist(),
    )
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
