"""Objectives that read the loss of S along directions of the parameters, moments, and contrastive gradients, with their
gradients in S, in float64 PyTorch: writes objectives_derivatives.json. Weights and images as in objectives.py. Hessians are
whole matrices and their largest eigenvalue is LAPACK's: no power iteration. In the last layer PyTorch differentiates the
eigenvalue of the matrix; in all parameters, a matrix too large for that, v^T H_S v at the eigenvector v.
"""

import json
import pathlib

import torch
import torch.nn.functional as F
from objectives import CASE, CLASSES, IPC, OBJECTIVES, classwise, embed, flat, forward, params, real, values

RHO = 3.0
ETA = 0.01


def moments(s, t):
    a, b = embed(s), embed(t).detach()
    mean = ((a.mean(0) - b.mean(0)) ** 2).sum()
    return mean + 0.7 * ((a.var(0, correction=0) - b.var(0, correction=0)) ** 2).sum()


def mean_loss(own, images):
    """Mean cross-entropy of all images [CLASSES, n, 1, 8, 8] under other parameters."""
    labels = torch.arange(CLASSES).repeat_interleave(images.shape[1])
    return F.cross_entropy(forward(CASE, own, images.flatten(0, 1)), labels)


def hessian(images, first):
    """In the parameters from number `first` on, as one matrix."""
    shapes = [p.shape for p in params[first:]]
    start = torch.cat([p.detach().reshape(-1) for p in params[first:]])

    def loss(vector):
        own = [v.reshape(s) for v, s in zip(vector.split([s.numel() for s in shapes]), shapes)]
        return mean_loss([*params[:first], *own], images)

    return torch.autograd.functional.hessian(loss, start, create_graph=images.requires_grad, vectorize=not images.requires_grad)


def curvature_of_head(s):
    """½ ρ λ_max(H_T − H_S) in the last layer."""
    first = len(params) - 2
    return 0.5 * RHO * torch.linalg.eigvalsh(hessian(real, first) - hessian(s, first))[-1]


def curvature_of_all(s):
    values_, vectors = torch.linalg.eigh(hessian(real, 0) - hessian(s.detach(), 0))
    direction = [v.reshape(p.shape) for v, p in zip(vectors[:, -1].split([p.numel() for p in params]), params)]
    g = torch.autograd.grad(mean_loss(params, s), params, create_graph=True)
    slope = sum((a * v).sum() for a, v in zip(g, direction))
    along = sum((a * v).sum() for a, v in zip(torch.autograd.grad(slope, params, create_graph=True), direction))
    return 0.5 * RHO * (values_[-1] + along.detach() - along)


def projection(s):
    """‖g − Proj g‖₁ of the gradient on S, Proj onto the span of tensors 200 and 201 of every parameter."""
    g = torch.cat([x.reshape(-1) for x in torch.autograd.grad(mean_loss(params, s), params, create_graph=True)])
    span = torch.stack([torch.cat([values(p.shape, 200 + k).reshape(-1) for p in params]) for k in range(2)])
    basis = torch.linalg.qr(span.T)[0]
    return ETA * (g - basis @ (basis.T @ g)).abs().sum()


CASES = {
    "dcc": OBJECTIVES["dc-set"],
    "moments": classwise(lambda s, t, c: moments(s, t)),
    "lcmat-head": lambda s: OBJECTIVES["dc"](s) + curvature_of_head(s),
    "lcmat-all": lambda s: OBJECTIVES["dc"](s) + curvature_of_all(s),
    "esp": lambda s: OBJECTIVES["dm"](s) + 2.0 * projection(s),
}

if __name__ == "__main__":
    torch.set_num_threads(1)
    out = {}
    for name, objective in CASES.items():
        s = values([CLASSES, IPC, 1, 8, 8], 91).requires_grad_()
        loss = objective(s)
        out[name] = dict(loss=loss.item(), gradient=flat(torch.autograd.grad(loss, s)[0]))
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in out.items()) + "\n}\n")
