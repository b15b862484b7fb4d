"""Transport distances by POT and SciPy in float64: writes wasserstein.json beside this file.

Two weighted measures of 14 and 11 points in three dimensions, two measures on the line, a barycentre of each of two
measures. Bottlenecks are the least threshold for which scipy's linprog finds a coupling.
"""

import json
import pathlib

import numpy as np
import ot
from scipy.optimize import linear_sum_assignment, linprog
from scipy.spatial.distance import cdist
from scipy.stats import wasserstein_distance

rng = np.random.default_rng(7)
METRICS = {"euclidean": "euclidean", "manhattan": "cityblock", "chebyshev": "chebyshev"}


def points(n, d, scale=1.0, shift=0.0):
    return (rng.standard_normal((n, d)) * scale + shift).astype(np.float32).astype(np.float64)


def weights(n):
    w = rng.random(n) + 0.1
    return w / w.sum()


def bottleneck(cost, a, b):
    n, m = cost.shape
    levels = np.unique(cost)
    rows = np.zeros((n + m, n * m))
    for i in range(n):
        rows[i, i * m : (i + 1) * m] = 1
    for j in range(m):
        rows[n + j, j::m] = 1
    low, high = 0, len(levels) - 1
    while low < high:
        mid = (low + high) // 2
        bounds = [(0, None if c <= levels[mid] + 1e-12 else 0) for c in cost.ravel()]
        found = linprog(np.zeros(n * m), A_eq=rows, b_eq=np.concatenate([a, b]), bounds=bounds).status == 0
        low, high = (low, mid) if found else (mid + 1, high)
    return levels[low]


def entropic(x, y, a, b, p, epsilon):
    """Dual value <a, f> + <b, g> = <C, P> + epsilon KL(P | a b^T), which is how the debiased divergence counts it."""
    cost = cdist(x, y) ** p
    plan, log = ot.sinkhorn(
        a, b, cost, epsilon, method="sinkhorn_log", numItermax=20000, stopThr=1e-12, log=True
    )
    kl = np.sum(plan * np.log(np.maximum(plan, 1e-300) / np.outer(a, b)))
    return float(np.sum(plan * cost) + epsilon * kl)


def main():
    x, y, a, b = points(14, 3), points(11, 3, 0.7, 0.5), weights(14), weights(11)
    even = [ot.unif(14), ot.unif(11)]
    exact = [
        dict(metric=name, p=p, uniform=uniform, value=float(ot.emd2(u, v, cdist(x, y, scipy) ** p) ** (1 / p)))
        for name, scipy in METRICS.items()
        for p in (1, 1.5, 2, 3)
        for uniform, (u, v) in ((True, even), (False, (a, b)))
    ]
    bottlenecks = [
        dict(metric=name, uniform=uniform, value=float(bottleneck(cdist(x, y, scipy), u, v)))
        for name, scipy in METRICS.items()
        for uniform, (u, v) in ((True, even), (False, (a, b)))
    ]
    square = points(11, 3)
    rows, columns = linear_sum_assignment(cdist(square, y) ** 2)
    assignment = float(np.sqrt((cdist(square, y) ** 2)[rows, columns].mean()))

    s, t, c, d = points(9, 1), points(13, 1, 2.0), weights(9), weights(13)
    line = dict(
        x=s.ravel().tolist(), y=t.ravel().tolist(), a=c.tolist(), b=d.tolist(),
        w1=float(wasserstein_distance(s.ravel(), t.ravel(), c, d)),
        w2=float(ot.wasserstein_1d(s.ravel(), t.ravel(), c, d, p=2) ** 0.5),
        w3=float(ot.wasserstein_1d(s.ravel(), t.ravel(), c, d, p=3) ** (1 / 3)),
    )

    sinkhorn = []
    for p in (1, 2):
        for epsilon in (1.0, 0.1):
            xy, xx, yy = (entropic(u, v, m, n, p, epsilon) for u, v, m, n in ((x, y, a, b), (x, x, a, a), (y, y, b, b)))
            sinkhorn.append(dict(p=p, epsilon=epsilon, transport=xy, divergence=xy - (xx + yy) / 2))

    directions = rng.standard_normal((3, 16))
    directions = (directions / np.linalg.norm(directions, axis=0)).astype(np.float32).astype(np.float64)
    sliced = {
        str(p): float(ot.sliced_wasserstein_distance(x, y, a, b, projections=directions, p=p)) for p in (1, 2)
    }

    start = points(4, 3)
    one = ot.lp.free_support_barycenter([x], [a], start, numItermax=200, stopThr=1e-14)
    two = ot.lp.free_support_barycenter(
        [x, y], [a, b], start, weights=np.array([0.3, 0.7]), numItermax=200, stopThr=1e-14
    )
    out = dict(
        x=x.ravel().tolist(), y=y.ravel().tolist(), a=a.tolist(), b=b.tolist(), square=square.ravel().tolist(),
        exact=exact, bottleneck=bottlenecks, assignment=assignment, line=line, sinkhorn=sinkhorn,
        directions=directions.T.ravel().tolist(), sliced=sliced,
        barycentre=dict(start=start.ravel().tolist(), one=one.ravel().tolist(), two=two.ravel().tolist()),
    )
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
