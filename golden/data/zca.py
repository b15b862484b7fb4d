"""Golden values of regularised ZCA: python3 golden/data/zca.py > golden/data/zca.json

12 images of [2, 3, 2] bytes; per-channel mean and std; covariance with divisor n; C + 0.1 tr(C)/d I; symmetric roots; float64.
"""

import json
import numpy as np

stored = np.random.default_rng(7).integers(0, 256, (12, 2, 3, 2)).astype(np.uint8)
x = stored / 255.0
mean, std = x.mean((0, 2, 3)), x.std((0, 2, 3))
z = ((x - mean[:, None, None]) / std[:, None, None]).reshape(12, -1)
m = z.mean(0)
c = (z - m).T @ (z - m) / len(z)
c += 0.1 * np.trace(c) / len(c) * np.eye(len(c))
s, u = np.linalg.eigh(c)
whiten, unwhiten = (u * s**-0.5) @ u.T, (u * s**0.5) @ u.T
out = (z - m) @ whiten
r = lambda a: [float(f"{v:.9g}") for v in np.ravel(a)]
print(json.dumps({"stored": stored.ravel().tolist(), "mean": r(mean), "std": r(std), "zcaMean": r(m), "whiten": r(whiten), "unwhiten": r(unwhiten), "whitened": r(out)}))
