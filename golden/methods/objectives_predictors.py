"""Outer losses of methods whose inner problem is solved in closed form, and of NSD, with their gradients in all that is learned, by
torch in float64: writes objectives_predictors.json.

Kernels, regressions, the linearised network and the spectra are written out here from the papers' formulas; nothing is shared with
what is tested but the arrays (golden/hypotheses/formula.py). T: 4 images of each of 3 classes, bytes floor(128 + 100 sin) of tensor
90, mean 0.3 and std 0.4. S: two images a class, tensor 91; labels 0.4 (one-hot − 1/3) + 0.1 values(95); temperature 0.2.
Networks: two blocks of convolution (3x3, padding 1), activation and average pooling, then a linear layer; weights and biases are
numbered tensors of scale 1/sqrt(fan in), and those of a second network lie 0.3 values(300 + k) away.
"""

import json
import math
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "hypotheses"))
from formula import flat, values  # noqa: E402

CLASSES, IPC, REAL = 3, 2, 4
EYE = torch.eye(CLASSES, dtype=torch.float64)


def real_images(channels):
    i = torch.arange(CLASSES * REAL * channels * 64, dtype=torch.float64)
    stored = torch.floor(128 + 100 * torch.sin(0.9 * i + 2.7 * 90 + 0.013 * i * i))
    return ((stored / 255 - 0.3) / 0.4).reshape(CLASSES * REAL, channels, 8, 8)


REAL_LABELS = EYE.repeat_interleave(REAL, 0)
ONE_HOT = EYE.repeat_interleave(IPC, 0)


def rounded(x):
    return x.float().double()


def learned():
    s = values([CLASSES * IPC, 1, 8, 8], 91).requires_grad_()
    y = rounded(0.4 * (ONE_HOT - 1 / CLASSES) + 0.1 * values([CLASSES * IPC, CLASSES], 95)).requires_grad_()
    return s, y


def temperature():
    return torch.tensor(0.2, dtype=torch.float32).double().requires_grad_()


def weights(channels, widths, side=8):
    out, t = [], 0
    shapes = [(w, c, 3, 3) for w, c in zip(widths, [channels, *widths])]
    shapes.append((CLASSES, widths[-1] * (side // 2 ** len(widths)) ** 2))
    for shape in shapes:
        scale = 1 / math.sqrt(math.prod(shape[1:]))
        out += [values(shape, t, scale), values(shape[:1], t + 1, scale)]
        t += 2
    return out


def away(theta, first, by):
    return [rounded(p + by * values(p.shape, first + k)) for k, p in enumerate(theta)]


def softplus(x):
    return torch.logaddexp(60 * x, torch.zeros_like(x)) / 60


def features(theta, x, act):
    for layer in range(0, len(theta) - 2, 2):
        x = F.avg_pool2d(act(F.conv2d(x, theta[layer], theta[layer + 1], padding=1)), 2)
    return x.flatten(1)


def logits(theta, x, act):
    return features(theta, x, act) @ theta[-2].T + theta[-1]


def regression(k_ts, k_ss, y, share):
    """k(x, S) (k(S, S) + share · tr k(S, S)/n · I)⁻¹ y."""
    n = len(k_ss)
    return k_ts @ torch.linalg.solve(k_ss + share * k_ss.trace() / n * torch.eye(n, dtype=torch.float64), y)


def half_squares(h):
    return 0.5 * ((h - (REAL_LABELS - 1 / CLASSES)) ** 2).sum(1).mean()


def tempered(h, tau):
    return -(REAL_LABELS * (tau.exp() * h).log_softmax(1)).sum(1).mean()


def margin(y, most):
    top = y.topk(2, 1).values
    return -(top[:, 0] - top[:, 1]).clamp(max=most).mean()


def tangent_kernel(a, b):
    """Of an infinitely wide network of one hidden layer, weights of variance 2 and biases of 0.01 in NTK parameterisation."""
    a, b = a.flatten(1), b.flatten(1)
    covariance = lambda u, v: 2 * (u @ v.T) / u.shape[1] + 0.01
    own = lambda u: 2 * (u * u).sum(1) / u.shape[1] + 0.01
    q, size = covariance(a, b), (own(a)[:, None] * own(b)[None]).sqrt()
    # Rounding may take the cosine of a point with itself beyond 1, where arccos has no derivative.
    cosine = (q / size).clamp(-1 + 1e-15, 1 - 1e-15)
    angle = cosine.arccos()
    rectified = size * (angle.sin() + (math.pi - angle) * cosine) / (2 * math.pi)
    active = (math.pi - angle) / (2 * math.pi)
    return 2 * rectified + 0.01 + 2 * active * q


def kip():
    """Nguyen et al.: ½ ‖K_TS (K_SS + λI)⁻¹ y_S − y‖², K the tangent kernel, λ a share of K_SS's mean diagonal."""
    s, y = learned()
    x = real_images(1)
    # k(S, S) is differentiated off its diagonal by angles, on it exactly: k(x, x) has no angle.
    k_ss = tangent_kernel(s, s)
    own = 2 * (s.flatten(1) ** 2).sum(1) / 64 + 0.01
    k_ss = k_ss - torch.diag(k_ss.diagonal()) + torch.diag(2 * own / 2 + 0.01 + own)
    return half_squares(regression(tangent_kernel(x, s), k_ss, y, 1e-6)), dict(images=s, labels=y)


def rfad():
    """Loo et al. 2022: cross-entropy of exp(τ) times the regression with 2/(N F) Σ ψ(x)·ψ(y) + 0.01 over N networks."""
    s, y = learned()
    tau = temperature()
    first = weights(1, [8, 8])
    pool = [first, away(first, 300, 0.3)]

    def phi(x):
        own = torch.cat([features(theta, x, torch.relu) for theta in pool], 1)
        return own * math.sqrt(2 / own.shape[1])

    a, b = phi(real_images(1)), phi(s)
    h = regression(a @ b.T + 0.01, b @ b.T + 0.01, y, 5e-3)
    return tempered(h, tau), dict(images=s, labels=y, temperature=tau)


def frepo():
    """Zhou et al.: ½ ‖ψ_T ψ_Sᵀ (ψ_S ψ_Sᵀ + λI)⁻¹ y_S − y‖² less the margin of the labels up to 1/K; width doubles."""
    s, y = learned()
    theta = weights(1, [4, 8])
    a, b = features(theta, real_images(1), torch.relu), features(theta, s, torch.relu)
    h = regression(a @ b.T, b @ b.T, y, 1e-6)
    return half_squares(h) + margin(y, 1 / CLASSES), dict(images=s, labels=y)


def rcig(bounded):
    """
    Loo et al. 2023: the network linear in u around θ, its last weight W solved in closed form, u the minimiser of
    ½ ‖y − J u − φ W‖² + λ/2 (‖W‖² + ‖u‖²); the derivative through u is cut to the norm of that with u held fixed.
    """
    s, y = learned()
    tau = temperature()
    theta = weights(1, [4, 8])
    moving = [*range(len(theta) - 2), len(theta) - 1]

    def jacobian(x):
        def at(*own):
            full = list(theta)
            for k, p in zip(moving, own):
                full[k] = p
            return logits(full, x, softplus)

        parts = torch.func.jacrev(at, argnums=tuple(range(len(moving))))(*[theta[k] for k in moving])
        return torch.cat([p.reshape(len(x), CLASSES, -1) for p in parts], 2)

    x, ridge = real_images(1), 0.01 * CLASSES * IPC
    phi, j = features(theta, s, softplus), jacobian(s)
    n, p, f = len(s), j.shape[2], phi.shape[1]
    # One least-squares problem in (u, W): the rows of the design are J and φ, class by class.
    design = torch.cat([j, torch.einsum("nf,kl->nkfl", phi, EYE).reshape(n, CLASSES, f * CLASSES)], 2)
    design = design.reshape(n * CLASSES, p + f * CLASSES)
    normal = design.T @ design + ridge * torch.eye(p + f * CLASSES, dtype=torch.float64)
    u = torch.linalg.solve(normal, design.T @ y.reshape(-1))[:p]
    m = torch.linalg.inv(phi @ phi.T + ridge * torch.eye(n, dtype=torch.float64))

    def outer(u):
        return tempered(jacobian(x) @ u + features(theta, x, softplus) @ (phi.T @ m @ (y - j @ u)), tau)

    of = dict(images=s, labels=y, temperature=tau)
    total = torch.autograd.grad(outer(u), list(of.values()), retain_graph=True)
    loss = outer(u.detach())
    direct = torch.autograd.grad(loss, list(of.values()), retain_graph=True)
    cut = lambda g, d: g * min(1, (d.norm() / g.norm()).item()) if bounded and g.norm() > 0 else g
    gradient = [d + cut(t - d, d) for t, d in zip(total, direct)]
    bonus = margin(y, 0.5 / CLASSES)
    gradient[1] = gradient[1] + torch.autograd.grad(bonus, y)[0]
    return loss + bonus, dict(zip(of, gradient))


def nsd():
    """
    Yang et al.: trajectory matching with X = Σ_c′ M_cc′ Aᵀ T_c′ B, one spectrum of each class through two kernels; four steps on all
    of S at one learned rate, towards a goal 0.02 values(200 + k) away.
    """
    spectra = values([CLASSES, 3, 4, 4], 91).requires_grad_()
    rows, columns = values([2, 4, 8], 92, 0.5).requires_grad_(), values([2, 4, 8], 93, 0.5).requires_grad_()
    channels = values([2, 3, 3], 94, 0.7).requires_grad_()
    rate = torch.tensor([0.05], dtype=torch.float32).double().requires_grad_()
    x = torch.stack(
        [
            torch.einsum("oc,chw->ohw", channels[k], torch.stack([rows[k].T @ spectra[c, d] @ columns[k] for d in range(3)]))
            for c in range(CLASSES)
            for k in range(2)
        ]
    )
    start = [p.requires_grad_() for p in weights(3, [8, 8])]
    goal = [p.detach() + 0.02 * values(p.shape, 200 + k) for k, p in enumerate(start)]
    swish = lambda v: v * torch.sigmoid(v)
    theta = start
    for _ in range(4):
        loss = -(ONE_HOT * logits(theta, x, swish).log_softmax(1)).sum(1).mean()
        g = torch.autograd.grad(loss, theta, create_graph=True)
        theta = [p - rate * d for p, d in zip(theta, g)]
    square = sum(((a - b) ** 2).sum() for a, b in zip(theta, goal))
    loss = square / sum(((a - b) ** 2).sum() for a, b in zip(start, goal))
    return loss, dict(spectra=spectra, rows=rows, columns=columns, channels=channels, rates=rate)


def differentiated(loss, of):
    return loss, dict(zip(of, torch.autograd.grad(loss, list(of.values()))))


CASES = {
    "kip": lambda: differentiated(*kip()),
    "rfad": lambda: differentiated(*rfad()),
    "frepo": lambda: differentiated(*frepo()),
    "rcig": lambda: rcig(True),
    "rcig-unbounded": lambda: rcig(False),
    "nsd": lambda: differentiated(*nsd()),
}

if __name__ == "__main__":
    out = {}
    for name, case in CASES.items():
        loss, gradient = case()
        out[name] = dict(loss=loss.item(), gradient={k: flat(g) for k, g in gradient.items()})
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in out.items()) + "\n}\n")
