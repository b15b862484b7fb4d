"""Tests, intervals and tails with SciPy 1.17 in float64: writes statistics.json beside this file."""

import json
import math
import pathlib

import numpy as np
from scipy import stats
from scipy._lib._array_api import array_namespace
from scipy.stats._resampling import _bca_interval


def formula(n, t=0):
    """Numbers that a formula gives, so that both sides have the same: offset sines."""
    i = np.arange(n)
    return 0.5 + 0.3 * np.sin(0.9 * i + 2.7 * t + 0.013 * i * i)


def iman_davenport(chi, n, k):
    f = (n - 1) * chi / (n * (k - 1) - chi)
    return f, stats.f.sf(f, k - 1, (k - 1) * (n - 1))


def wilcoxon_exact(d):
    """Every choice of signs, counted: exact with ties, too."""
    d = d[d != 0]
    r = stats.rankdata(np.abs(d))
    observed = min(r[d > 0].sum(), r[d < 0].sum())
    n = len(d)
    signs = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    sums = signs @ r
    return observed, min(1.0, 2 * np.mean(sums <= observed + 1e-9))


def holm(p):
    order = np.argsort(p, kind="stable")
    adjusted = np.maximum.accumulate(np.minimum(1, np.asarray(p)[order] * (len(p) - np.arange(len(p)))))
    out = np.empty(len(p))
    out[order] = adjusted
    return out


if __name__ == "__main__":
    table = np.array(
        [
            [0.97, 0.95, 0.94, 0.90], [0.86, 0.84, 0.85, 0.80], [0.50, 0.47, 0.49, 0.40],
            [0.94, 0.95, 0.93, 0.91], [0.81, 0.80, 0.79, 0.76], [0.60, 0.55, 0.58, 0.57],
        ]
    )
    tied = np.array([[0.9, 0.9, 0.8], [0.7, 0.6, 0.6], [0.5, 0.4, 0.3], [0.8, 0.8, 0.8], [0.3, 0.2, 0.2]])
    friedman = {}
    for name, t in (("plain", table), ("tied", tied)):
        chi, p = stats.friedmanchisquare(*t.T)
        f, fp = iman_davenport(chi, *t.shape)
        ranks = stats.rankdata(-t, axis=1).mean(0)
        friedman[name] = dict(blocks=t.tolist(), ranks=ranks.tolist(), chiSquared=chi, p=p, f=f, fP=fp)
    n, k = table.shape
    spread = math.sqrt(k * (k + 1) / (6 * n))
    ranks = friedman["plain"]["ranks"]
    nemenyi = dict(
        q={str(m): stats.studentized_range.ppf(0.95, m, np.inf) / math.sqrt(2) for m in range(2, 11)},
        q10={str(m): stats.studentized_range.ppf(0.90, m, np.inf) / math.sqrt(2) for m in (2, 5, 10)},
        cd=stats.studentized_range.ppf(0.95, k, np.inf) / math.sqrt(2) * spread,
        p=[[stats.studentized_range.sf(abs(a - b) / spread * math.sqrt(2), k, np.inf) for b in ranks] for a in ranks],
    )
    pairs = {
        "plain": np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
        - np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]),
        "tied": np.array([1, 1, -1, 2, 2, -3, 4, 0, 5, 5], dtype=float),
        "all better": formula(6) + 1,
        "one": np.array([0.25]),
    }
    wilcoxon = []
    for name, d in pairs.items():
        statistic, p = wilcoxon_exact(d)
        if name in ("plain", "all better"):
            theirs = stats.wilcoxon(d, method="exact")
            assert abs(theirs.pvalue - p) < 1e-12 and theirs.statistic == statistic
        wilcoxon.append(dict(name=name, differences=d.tolist(), statistic=statistic, p=p))
    long = np.round(formula(60, 1) - 0.45, 2)
    theirs = stats.wilcoxon(long, method="approx", correction=False, zero_method="wilcox")
    wilcoxon.append(dict(name="long", differences=long.tolist(), statistic=float(theirs.statistic), p=theirs.pvalue))
    d = pairs["plain"]
    t = stats.ttest_1samp(d, 0)
    values = formula(7, 3)
    bootstrap = []
    for m, level, f in ((7, 0.95, np.mean), (12, 0.9, np.median), (9, 0.95, np.var)):
        x = formula(m, m) ** 2
        index = (np.abs(formula(400 * m, 5)) * 1e6).astype(int).reshape(400, m) % m
        drawn = np.sort(f(x[index], axis=-1))
        statistic = lambda v, axis=-1: f(v, axis=axis)
        lower, upper, *_ = _bca_interval((x,), statistic, -1, (1 - level) / 2, drawn, None, array_namespace(x))
        low, high = np.quantile(drawn, lower), np.quantile(drawn, upper)
        without = [f(np.delete(x, i)) for i in range(m)]
        bootstrap.append(
            dict(drawn=drawn.tolist(), observed=f(x), without=without, level=level, low=float(low), high=float(high))
        )
    x = np.array([-30, -8.5, -3, -1, -0.1, 0, 0.3, 1.96, 5, 9])
    tails = dict(
        normal=[[v, stats.norm.cdf(v)] for v in x.tolist()],
        quantile=[[p, stats.norm.ppf(p)] for p in (1e-300, 1e-12, 0.001, 0.025, 0.5, 0.6, 0.975)],
        chi=[[a, b, stats.chi2.sf(a, b)] for a, b in ((0.1, 1), (12.8, 3), (3, 2), (200, 30), (1e-3, 9))],
        f=[[a, b, c, stats.f.sf(a, b, c)] for a, b, c in ((12.3077, 3, 15), (0.5, 2, 10), (100, 9, 45), (1, 1, 1))],
        t=[[a, b, 2 * stats.t.sf(abs(a), b)] for a, b in ((2.776, 4), (0.1, 1), (-9, 30), (40, 2))],
        width=[[l, d, stats.t.ppf((1 + l) / 2, d)] for l, d in ((0.95, 4), (0.95, 1), (0.99, 2), (0.9, 100))],
        range=[[r, m, stats.studentized_range.cdf(r, m, np.inf)] for r, m in ((0.5, 2), (3.314, 3), (4.4, 10), (6, 30))],
    )
    interval = stats.t.interval(0.95, len(values) - 1, loc=values.mean(), scale=stats.sem(values))
    p = [0.01, 0.04, 0.03, 0.005, 0.5]
    out = dict(
        friedman=friedman,
        nemenyi=nemenyi,
        wilcoxon=wilcoxon,
        paired=dict(differences=d.tolist(), t=t.statistic, p=t.pvalue),
        summary=dict(values=values.tolist(), mean=values.mean(), sd=values.std(ddof=1), low=interval[0], high=interval[1]),
        bootstrap=bootstrap,
        holm=dict(p=p, adjusted=holm(p).tolist()),
        tails=tails,
        kendall=[],
    )
    a, b = formula(9, 2), formula(9, 7)
    c = np.round(a, 1)
    for x, y in ((a, b), (c, b), (c, np.round(b, 1)), (a, a**3), (a, -a)):
        out["kendall"].append(
            dict(a=x.tolist(), b=y.tolist(), tau=stats.kendalltau(x, y).statistic, rho=stats.spearmanr(x, y).statistic)
        )
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
