"""Corruptions of images with NumPy, SciPy and Pillow in float64, from the formulas in docs: writes corruptions.json beside this file.

Random numbers are those of a formula, the same that the test hands to attar's: uniform numbers, and normal ones.
"""

import json
import pathlib

import numpy as np
from scipy import ndimage, stats


class Draws:
    def __init__(self):
        self.t = 0

    def uniform(self, *shape):
        i = np.arange(int(np.prod(shape)))
        self.t += 1
        u = np.sin(12.9898 * i + 78.233 * self.t) * 43758.5453
        return (u - np.floor(u)).reshape(shape)

    def normal(self, *shape):
        return stats.norm.ppf(np.clip(self.uniform(*shape), 1e-9, 1 - 1e-9))


def sampled(x, y_from, x_from):
    """Bilinear, the nearest pixel beyond the border."""
    return np.stack([ndimage.map_coordinates(c, [y_from, x_from], order=1, mode="nearest") for c in x])


def grid(x):
    h, w = x.shape[1:]
    y, c = np.meshgrid(np.arange(h, dtype=float), np.arange(w, dtype=float), indexing="ij")
    return y, c, (h - 1) / 2, (w - 1) / 2


def disk(r):
    reach = int(np.ceil(r))
    at = (np.arange((2 * reach + 1) * 8) + 0.5) / 8 - reach - 0.5
    inside = (at[:, None] ** 2 + at[None] ** 2 <= r * r).astype(float)
    kernel = inside.reshape(2 * reach + 1, 8, 2 * reach + 1, 8).sum((1, 3))
    return kernel / kernel.sum()


def zoom_blur(x, most, _):
    y, c, my, mx = grid(x)
    return np.mean([sampled(x, my + (y - my) / f, mx + (c - mx) / f) for f in np.linspace(1, most, 6)], 0)


def contrast(x, c, _):
    m = x.mean((1, 2), keepdims=True)
    return (x - m) * c + m


def fog(x, c, draws):
    h, w = x.shape[1:]
    total = np.zeros((h, w))
    for octave in range(4):
        cells = 2 ** (octave + 1)
        g = draws.uniform(cells + 1, cells + 1)
        y, v = np.meshgrid((np.arange(h) + 0.5) / h * cells, (np.arange(w) + 0.5) / w * cells, indexing="ij")
        total += ndimage.map_coordinates(g, [y, v], order=1) / 2**octave
    f = (total - total.min()) / (total.max() - total.min())
    m = x.max()
    return (x + c * f) * m / (m + c)


def pixelate(x, share, _):
    h, w = x.shape[1:]
    a, b = int(h * share), int(w * share)

    def covers(n, m):
        edges = np.linspace(0, n, m + 1)
        p = np.arange(n)
        part = np.minimum(edges[1:, None], p + 1) - np.maximum(edges[:-1, None], p)
        return np.maximum(part, 0) / (n / m)

    small = covers(h, a) @ x @ covers(w, b).T
    return small[:, np.arange(h) * a // h][:, :, np.arange(w) * b // w]


def rotate(x, size, draws):
    angle = size * (-1 if draws.uniform(1)[0] < 0.5 else 1)
    y, c, my, mx = grid(x)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    at = np.tensordot(turn, np.stack([y - my, c - mx]), 1)
    return sampled(x, my + at[0], mx + at[1])


def shear(x, size, draws):
    lean = size * (-1 if draws.uniform(1)[0] < 0.5 else 1)
    y, c, my, _ = grid(x)
    return sampled(x, y, c + lean * (y - my))


def scale(x, f, _):
    y, c, my, mx = grid(x)
    return sampled(x, my + (y - my) * f, mx + (c - mx) * f)


def translate(x, d, draws):
    angle = 2 * np.pi * draws.uniform(1)[0]
    y, c, _, _ = grid(x)
    return sampled(x, y - d * np.sin(angle), c - d * np.cos(angle))


def elastic(x, size, draws):
    h, w = x.shape[1:]

    def field():
        raw = ndimage.gaussian_filter(2 * draws.uniform(h, w) - 1, 3 * min(h, w) / 28, mode="nearest")
        return raw / np.sqrt(np.mean(raw**2)) * size

    down, across = field(), field()
    y, c, _, _ = grid(x)
    return sampled(x, y + down, c + across)


def impulse(x, p, draws):
    hit, white = draws.uniform(*x.shape), draws.uniform(*x.shape)
    return np.where(hit < p, (white >= 0.5).astype(float), x)


def stripe(x, share, _):
    w = x.shape[2]
    at = np.arange(w) + 0.5
    return np.where((at < share * w / 2) | (at > w - share * w / 2), 1 - x, x)


apply = {
    "gaussian-noise": lambda x, s, d: x + s * d.normal(*x.shape),
    "shot-noise": lambda x, c, d: stats.poisson.ppf(d.uniform(*x.shape), x * c) / c,
    "impulse-noise": impulse,
    "speckle-noise": lambda x, s, d: x + s * x * d.normal(*x.shape),
    "gaussian-blur": lambda x, s, _: ndimage.gaussian_filter(x, (0, s, s), mode="nearest"),
    "defocus-blur": lambda x, r, _: np.stack([ndimage.correlate(c, disk(r), mode="nearest") for c in x]),
    "zoom-blur": zoom_blur,
    "contrast": contrast,
    "brightness": lambda x, c, _: x + c,
    "fog": fog,
    "pixelate": pixelate,
    "quantise": lambda x, b, _: np.floor(x * (2**b - 1) + 0.5) / (2**b - 1),
    "stripe": stripe,
    "rotate": rotate,
    "shear": shear,
    "scale": scale,
    "translate": translate,
    "elastic": elastic,
}

if __name__ == "__main__":
    out = []
    for shape, strengths in (((1, 9, 8), "grey"), ((3, 8, 11), "colour")):
        i = np.arange(int(np.prod(shape)))
        x = (0.5 + 0.5 * np.sin(0.9 * i + 0.013 * i * i)).reshape(shape)
        for name, f in apply.items():
            # Strengths beside attar's own, which its test looks up: two a corruption.
            for strength in {
                "gaussian-blur": (0.7, 2.0), "defocus-blur": (0.8, 2.3), "shot-noise": (5.0, 100.0), "quantise": (1, 3),
                "zoom-blur": (1.1, 1.5), "scale": (1.25, 2.0), "translate": (0.6, 3.0), "pixelate": (0.5, 0.65),
            }.get(name, (0.1, 0.45)):
                y = np.clip(f(x, strength, Draws()), 0, 1)
                out.append(dict(name=name, shape=shape, strength=strength, out=np.round(y.ravel(), 12).tolist()))
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
