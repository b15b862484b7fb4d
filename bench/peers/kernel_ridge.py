"""kernel-ridge-step: loss and gradient of kernel ridge regression with the NTK of one hidden layer in closed form."""

import math

import torch
from variant import BATCH, COMPILE


def relu_moments(q, xx, yy, same):
    """E[relu u relu v] and E[relu' u relu' v] for Gaussians of covariance q and variances xx, yy; same: u is v on the diagonal."""
    scale = torch.sqrt(xx * yy)
    # Just below 1 the derivative of the angle is finite. On the diagonal the angle is 0 whatever the arguments.
    theta = torch.arccos((q / scale).clamp(-1 + 1e-6, 1 - 1e-6))
    if same:
        theta = theta * (1 - torch.eye(len(q), dtype=q.dtype))
    return scale / (2 * math.pi) * (theta.sin() + (math.pi - theta) * theta.cos()), (math.pi - theta) / (2 * math.pi)


def ntk(x, y):
    variance = lambda a: 2 * (a * a).mean(1) + 0.01
    q = 2 / x.shape[1] * x @ y.T + 0.01
    value, derivative = relu_moments(q, variance(x)[:, None], variance(y)[None], x is y)
    return 2 * value + 0.01 + 2 * derivative * q


class KernelRidge:
    """Pieces are of the real images. The system of equations is at least in `precision`."""

    options = {**BATCH, **COMPILE}
    precision = torch.float32

    def __init__(self, tensors, variant):
        self.prepare(tensors["images"], tensors["targets"], tensors["targets"].numel(), variant)
        self.shape = tensors["synthetic"].shape
        self.images = tensors["synthetic"].flatten(1).requires_grad_()
        self.labels = tensors["labels"].clone().requires_grad_()

    def prepare(self, real, targets, count, variant):
        """count: what the sum of squared errors is divided by."""
        self.pieces = variant.pieces(real.flatten(1), targets)
        self.count = count
        self.solution = variant.compiled(self.solve)
        self.part = variant.compiled(self.loss)

    def solve(self, images, labels):
        precision = torch.promote_types(self.precision, images.dtype)
        s, y = images.to(precision), labels.to(precision)
        k = ntk(s, s)
        ridge = 1e-6 * k.trace() / len(k)
        return torch.linalg.solve(k + ridge * torch.eye(len(k), dtype=k.dtype), y, left=True).to(images.dtype)

    def loss(self, real, targets, images, alpha):
        return 0.5 * ((ntk(real, images) @ alpha - targets) ** 2).sum() / self.count

    def outer(self, images, labels):
        alpha = self.solution(images, labels)
        return sum(self.part(x, y, images, alpha) for x, y in self.pieces)

    def run(self):
        loss = self.outer(self.images, self.labels)
        images, labels = torch.autograd.grad(loss, [self.images, self.labels])
        return {"loss": loss, "gradient": images.view(self.shape), "labels": labels}
