"""Membership attacks and what they show, by SciPy and scikit-learn in float64: writes membership.json beside this file.

pip install numpy scipy scikit-learn
"""

import json
import pathlib

import numpy as np
from scipy import ndimage, optimize, stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve

rng = np.random.default_rng(7)


def clopper_pearson(k, n, alpha=0.05):
    low = 0.0 if k == 0 else stats.beta.ppf(alpha / 2, k, n - k + 1)
    high = 1.0 if k == n else stats.beta.ppf(1 - alpha / 2, k + 1, n - k)
    return [float(low), float(high)]


def empirical_epsilon(tp, n_in, fp, n_out, delta):
    tpr_low, tpr_high = clopper_pearson(tp, n_in)
    fpr_low, fpr_high = clopper_pearson(fp, n_out)
    found = [0.0]
    if tpr_low > delta:
        found.append(np.log((tpr_low - delta) / fpr_high))
    if 1 - fpr_high > delta:
        found.append(np.log((1 - fpr_high - delta) / (1 - tpr_low)))
    return float(max(found))


def p_value(m, r, v, eps, delta):
    """Theorem 5.2 of Steinke, Nasr and Jagielski, Privacy auditing with one (1) training run."""
    q = 1 / (1 + np.exp(-eps))
    beta = stats.binom.sf(v - 1, r, q)
    masses = np.cumsum(stats.binom.pmf(np.arange(v - 1, -1, -1), r, q))
    worst = np.max(masses / np.arange(1, v + 1)) if v > 0 else 0.0
    return min(1.0, beta + worst * delta * 2 * m)


def one_run(m, r, v, delta):
    f = lambda eps: p_value(m, r, v, eps, delta) - 0.05
    return float(optimize.brentq(f, 0, 60, xtol=1e-13)) if f(0) <= 0 else 0.0


def roc_case(n_in, n_out, shift, decimals):
    members = np.r_[np.ones(n_in), np.zeros(n_out)]
    scores = np.round(rng.normal(size=n_in + n_out) + shift * members, decimals)
    fpr, tpr, _ = roc_curve(members, scores, drop_intermediate=False)
    at = {str(level): float(tpr[fpr <= level].max()) for level in (0.001, 0.01, 0.1)}
    return {
        "scores": scores.tolist(),
        "members": members.astype(int).tolist(),
        "auc": float(roc_auc_score(members, scores)),
        "tpr": at,
        "advantage": float(np.max(tpr - fpr)),
    }


def game(models, samples, others):
    members = rng.integers(0, 2, size=(models, samples))
    # Every sample is on both sides of two models, so that none lacks a side.
    members[1:3] = np.array([[1], [0]])
    hardness = rng.normal(scale=1.5, size=samples)
    phi = np.round(hardness + 0.9 * members + rng.normal(scale=0.7, size=(models, samples)), 6)
    z = np.round(rng.normal(scale=1.7, size=(models, others)), 6)
    target, references = models - 1, list(range(models - 1))
    inside = [phi[references][members[references][:, i] == 1, i] for i in range(samples)]
    outside = [phi[references][members[references][:, i] == 0, i] for i in range(samples)]

    def pooled(sides):
        squares = sum(((s - s.mean()) ** 2).sum() for s in sides if len(s) > 1)
        return np.sqrt(squares / sum(len(s) - 1 for s in sides if len(s) > 1))

    sd_in, sd_out = pooled(inside), pooled(outside)
    online = [
        stats.norm.logpdf(phi[target, i], np.median(inside[i]), sd_in)
        - stats.norm.logpdf(phi[target, i], np.median(outside[i]), sd_out)
        for i in range(samples)
    ]
    offline = [stats.norm.logcdf((phi[target, i] - np.median(outside[i])) / sd_out) for i in range(samples)]

    def rmia(t, refs, a):
        p, pz = 1 / (1 + np.exp(-phi)), 1 / (1 + np.exp(-z))
        out = np.array([p[refs][members[refs][:, i] == 0, i].mean() for i in range(samples)])
        ratio = p[t] / (0.5 * ((1 + a) * out + 1 - a))
        ratio_z = pz[t] / (0.5 * ((1 + a) * pz[refs].mean(axis=0) + 1 - a))
        return (ratio[:, None] / ratio_z[None, :] > 1).mean(axis=1)

    grid = [k / 10 for k in range(11)]
    trial = [roc_auc_score(members[0], rmia(0, references[1:], a)) for a in grid]
    a = grid[int(np.argmax(trial))]
    return {
        "members": members.tolist(),
        "confidences": phi.tolist(),
        "population": z.tolist(),
        "lira": [float(v) for v in online],
        "lira-offline": [float(v) for v in offline],
        "calibrated": [float(phi[target, i] - outside[i].mean()) for i in range(samples)],
        "rmia": rmia(target, references, a).tolist(),
        "a": a,
    }


def views_game(models, samples, views):
    members = rng.integers(0, 2, size=(models, samples))
    members[1:3] = np.array([[1], [0]])
    hardness = rng.normal(scale=1.5, size=samples)
    phi = hardness + 0.6 * members + rng.normal(scale=0.8, size=(1 + views, models, samples))
    phi = np.round(phi, 6)
    target, references = models - 1, list(range(models - 1))

    def ratios(own):
        sides = [[own[references][members[references][:, i] == side, i] for i in range(samples)] for side in (0, 1)]
        sd = [np.sqrt(sum(((s - s.mean()) ** 2).sum() for s in side) / sum(len(s) - 1 for s in side)) for side in sides]
        out, within = ([np.median(s) for s in side] for side in sides)
        return stats.norm.logpdf(own[target], within, sd[1]) - stats.norm.logpdf(own[target], out, sd[0])

    return {
        "members": members.tolist(),
        "confidences": phi[0].tolist(),
        "views": phi[1:].tolist(),
        "lira-views": np.mean([ratios(own) for own in phi], axis=0).tolist(),
    }


def shokri_game(models, samples, classes):
    members = rng.integers(0, 2, size=(models, samples))
    labels = rng.integers(0, classes, size=samples)
    z = rng.normal(scale=1.5, size=(models, samples, classes))
    z[:, np.arange(samples), labels] += 1 + 1.2 * members
    z = np.round(z, 6).astype(np.float32).astype(np.float64)
    log_p = z - np.log(np.exp(z).sum(-1, keepdims=True))
    own = np.take_along_axis(log_p, labels[None, :, None].repeat(models, 0), -1)
    others = np.sort(np.where(np.arange(classes) == labels[None, :, None], -np.inf, log_p), -1)[..., ::-1][..., :-1]
    features = np.concatenate([own, others], -1).astype(np.float32).astype(np.float64)
    target, references = models - 1, list(range(models - 1))
    scores = np.zeros(samples)
    for c in range(classes):
        rows = features[references][:, labels == c].reshape(-1, classes)
        truth = members[references][:, labels == c].reshape(-1)
        mean, sd = rows.mean(0), rows.std(0)
        fit = LogisticRegression(C=1, solver="newton-cholesky", tol=1e-12, max_iter=1000)
        fit.fit((rows - mean) / sd, truth)
        scores[labels == c] = fit.decision_function((features[target, labels == c] - mean) / sd)
    return {
        "members": members.tolist(),
        "labels": labels.tolist(),
        "logits": z.tolist(),
        "features": features[target].tolist(),
        "shokri": scores.tolist(),
    }


def ssim(a, b):
    """Wang et al. 2004 in whole windows of 7 by 7, unbiased moments: what scikit-image computes without Gaussian weights."""
    side = min(7, *a.shape[1:])
    side -= 1 - side % 2
    pad, unbiased = side // 2, side**2 / (side**2 - 1)
    found = []
    for x, y in zip(a, b):
        mean = lambda v: ndimage.uniform_filter(v, side)[pad : v.shape[0] - pad, pad : v.shape[1] - pad]
        u, v = mean(x), mean(y)
        vx, vy, vxy = (unbiased * m for m in (mean(x * x) - u * u, mean(y * y) - v * v, mean(x * y) - u * v))
        top, bottom = (2 * u * v + 1e-4) * (2 * vxy + 9e-4), (u**2 + v**2 + 1e-4) * (vx + vy + 9e-4)
        found.append((top / bottom).mean())
    return float(np.mean(found))


def ssim_case(*shape):
    a = rng.uniform(size=shape).astype(np.float32)
    b = np.clip(a + rng.normal(scale=0.3, size=shape), 0, 1).astype(np.float32)
    one, other = a.astype(np.float64), b.astype(np.float64)
    return {"shape": shape, "a": a.ravel().tolist(), "b": b.ravel().tolist(), "ssim": ssim(one, other)}


counts = [(60, 500, 5, 500), (30, 32, 1, 32), (128, 128, 0, 128), (50, 1000, 1, 1000), (10, 100, 12, 90), (0, 40, 0, 40)]
guesses = [(100, 100, 90), (1000, 1000, 600), (50, 50, 50), (200, 200, 120), (1000, 100, 60), (4000, 400, 30)]
found = {
    "clopperPearson": [[k, n, *clopper_pearson(k, n)] for k, n in [(0, 20), (3, 20), (20, 20), (1, 5000), (4999, 5000)]],
    "empirical": [[*c, empirical_epsilon(*c, 1e-5)] for c in counts],
    "most": [[n, empirical_epsilon(n, n, 0, n, 1e-5)] for n in (16, 32, 64, 128, 256, 500, 1000, 5000)],
    "oneRun": [[*g, d, one_run(*g, d)] for g in guesses for d in (0, 1e-6)],
    "roc": [roc_case(60, 50, 0.8, 1), roc_case(300, 400, 1.5, 3)],
    "game": game(12, 25, 40),
    "views": views_game(10, 12, 3),
    "shokri": shokri_game(7, 40, 3),
    "ssim": [ssim_case(1, 8, 9), ssim_case(3, 12, 10), ssim_case(1, 4, 6)],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(found) + "\n")
