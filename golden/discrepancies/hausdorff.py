"""Hausdorff distances and minimum coverings by SciPy in float64: writes hausdorff.json beside this file.

Two sets of 40 and 30 points in three dimensions, read as float32. Coverings are solved as one mixed-integer programme
each: the least radius at which k centres cover every point, and the least number of centres for a radius.
"""

import json
import pathlib

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix
from scipy.spatial.distance import cdist, directed_hausdorff

rng = np.random.default_rng(11)
METRICS = {"euclidean": "euclidean", "manhattan": "cityblock", "chebyshev": "chebyshev"}


def points(n, d, shift=0.0):
    return (rng.standard_normal((n, d)) + shift).astype(np.float32).astype(np.float64)


def centres_for(distances, radius):
    n, m = distances.shape
    near = (distances <= radius + 1e-12).astype(float)
    if not near.any(axis=1).all():
        return None
    found = milp(np.ones(m), constraints=LinearConstraint(near, lb=1), integrality=np.ones(m), bounds=Bounds(0, 1))
    return int(round(found.fun))


def radius_for(distances, k):
    """min r with sum_j z_ij = 1, z_ij <= s_j, sum s = k, r >= sum_j d_ij z_ij: the k-centre problem itself."""
    n, m = distances.shape
    columns = n * m + m + 1
    cost = np.zeros(columns)
    cost[-1] = 1
    z = lambda i, j: i * m + j
    constraints = []
    assign = coo_matrix((np.ones(n * m), ([i for i in range(n) for _ in range(m)], range(n * m))), (n, columns))
    constraints.append(LinearConstraint(assign.tocsr(), 1, 1))
    rows, cols, vals = [], [], []
    for i in range(n):
        for j in range(m):
            rows += [z(i, j)] * 2
            cols += [z(i, j), n * m + j]
            vals += [1, -1]
    constraints.append(LinearConstraint(coo_matrix((vals, (rows, cols)), (n * m, columns)).tocsr(), -np.inf, 0))
    count = coo_matrix((np.ones(m), (np.zeros(m, int), range(n * m, n * m + m))), (1, columns))
    constraints.append(LinearConstraint(count.tocsr(), k, k))
    rows = [i for i in range(n) for _ in range(m + 1)]
    cols = [c for i in range(n) for c in [*(z(i, j) for j in range(m)), columns - 1]]
    vals = [v for i in range(n) for v in [*distances[i], -1]]
    constraints.append(LinearConstraint(coo_matrix((vals, (rows, cols)), (n, columns)).tocsr(), -np.inf, 0))
    integrality = np.ones(columns)
    integrality[-1] = 0
    upper = np.ones(columns)
    upper[-1] = distances.max()
    found = milp(cost, constraints=constraints, integrality=integrality, bounds=Bounds(0, upper), options=dict(mip_rel_gap=0))
    return float(found.fun)


def main():
    x, y = points(40, 3), points(30, 3, 0.4)
    directed = []
    for name, scipy in METRICS.items():
        cost = cdist(x, y, scipy)
        directed.append(dict(metric=name, there=float(cost.min(1).max()), back=float(cost.min(0).max())))
    assert directed[0]["there"] == directed_hausdorff(x, y)[0]
    assert directed[0]["back"] == directed_hausdorff(y, x)[0]
    own, cross = cdist(x, x), cdist(x, y)
    radius = [
        dict(k=k, own=radius_for(own, k), cross=radius_for(cross, k)) for k in (1, 2, 4, 8)
    ]
    count = [dict(radius=r, own=centres_for(own, r), cross=centres_for(cross, r)) for r in (0.8, 1.2, 1.8, 2.6)]
    out = dict(x=x.ravel().tolist(), y=y.ravel().tolist(), directed=directed, radius=radius, count=count)
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
