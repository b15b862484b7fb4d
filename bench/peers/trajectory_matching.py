"""trajectory-step-ipc10: 20 inner steps on 100 images, the normalised distance to an expert's later parameters, its gradient."""

from unrolled import UnrolledTraining
from variant import COMPILE, NETWORK


def square_distance(a, b):
    return sum(((p - q) ** 2).sum() for p, q in zip(a, b))


class TrajectoryStep:
    options = {**NETWORK, **COMPILE}

    def __init__(self, tensors, variant):
        self.training = UnrolledTraining(tensors, variant, 0.01)
        self.target = self.training.tree(tensors, "target")
        self.scale = square_distance(self.training.start, self.target)

    def after(self, steps):
        loss = square_distance(self.training.train(steps), self.target) / self.scale
        return {"loss": loss, **self.training.gradient(loss)}

    def trial(self):
        """Two of the steps: what the search times."""
        self.after(2)

    def run(self):
        return self.after(self.training.steps)
