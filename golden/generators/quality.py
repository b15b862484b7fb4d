"""Improved precision and recall (Kynkaanniemi et al. 2019) and nearest distances by NumPy: writes quality.json beside this file.

Points by the formula of ../kernels/formula.py: real [40, 5] is tensor 1, made [30, 5] tensor 2 scaled by 1.5 and moved by 0.4.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.spatial.distance import cdist

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "kernels"))
from formula import flat, values  # noqa: E402

real, made = values([40, 5], 1), values([30, 5], 2, 1.5, 0.4)


def covered(points, balls, k=3):
    radii = np.sort(cdist(balls, balls), axis=1)[:, k]
    return float((cdist(points, balls) <= radii[None]).any(1).mean())


if __name__ == "__main__":
    nearest = cdist(made, real).min(1)
    out = dict(precision=covered(made, real), recall=covered(real, made), nearest=flat(nearest), median=float(np.median(nearest)))
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
