"""The convexified inner problem of CIG solved exactly, and the total derivative of its outer loss, torch in float64: writes
convexified.json.

Network: an MLP 6 -> 5 -> 3 with ReLU at theta_0; u moves all its parameters but the head's weight, and the head is fitted in closed
form. Everything is explicit in the synthetic set, so autograd through the dense solves gives direct and implicit part at once; the
direct one is the gradient with u held fixed. Tensors are those of hypotheses/formula.py: parameters 0..3 as for networks,
images of S [7, 6] 99, labels [7, 3] 98, real images [5, 6] 97, targets [5, 3] 96.
"""

import json
import math
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "hypotheses"))
from formula import flat, values

N, LAMBDA = 7, 0.3
SHAPES = [(5, 6), (5,), (3, 5), (3,)]
SCALES = [1 / math.sqrt(6), 1 / math.sqrt(6), 1 / math.sqrt(5), 1 / math.sqrt(5)]
THETA = [values(shape, t, scale) for t, (shape, scale) in enumerate(zip(SHAPES, SCALES))]


def features(theta, x):
    return torch.relu(x @ theta[0].T + theta[1])


def moved(theta, x):
    """Logits as a function of what u moves: both layers but the head's weight."""
    return features(theta, x) @ THETA[2].T + theta[2]


def jacobian(x):
    """[n, K, parameters of u], differentiable in x."""
    parts = torch.func.jacrev(moved)([THETA[0], THETA[1], THETA[3]], x)
    return torch.cat([p.reshape(len(x), 3, -1) for p in parts], 2)


def run():
    s, y = values((N, 6), 99).requires_grad_(), values((N, 3), 98).requires_grad_()
    x, t = values((5, 6), 97), values((5, 3), 96)
    tau = torch.tensor(0.2, dtype=torch.float32).double()
    phi, j = features(THETA, s), jacobian(s)
    m = torch.linalg.inv(phi @ phi.T + LAMBDA * torch.eye(N, dtype=torch.float64))
    h = torch.einsum("nkp,nm,mkq->pq", j, m, j) + torch.eye(j.shape[2], dtype=torch.float64)
    u = torch.linalg.solve(h, torch.einsum("nkp,nm,mk->p", j, m, y))

    def outer(u):
        head = phi.T @ m @ (y - j @ u)
        p = jacobian(x) @ u + features(THETA, x) @ head
        return -(t * (tau.exp() * p).log_softmax(1)).sum(1).mean()

    value = outer(u)
    total = torch.autograd.grad(value, [s, y], retain_graph=True)
    direct = torch.autograd.grad(outer(u.detach()), [s, y])
    return dict(
        ridge=LAMBDA, loss=value.item(), u=flat(u),
        direct=[flat(g) for g in direct], implicit=[flat(a - b) for a, b in zip(total, direct)],
    )


if __name__ == "__main__":
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(run(), separators=(",", ":")) + "\n")
