"""unroll-20 and unroll-200: the gradient of a linear function of the trained parameters, through every step."""

from unrolled import UnrolledTraining
from variant import COMPILE, LAYOUT, NORM


class Unroll:
    """Four images: too few for pieces."""

    options = {**LAYOUT, **NORM, **COMPILE}

    def __init__(self, tensors, variant):
        self.training = UnrolledTraining(tensors, variant, 0.001)
        self.cotangent = self.training.tree(tensors, "cotangent")

    def after(self, steps):
        return self.training.gradient(sum((p * c).sum() for p, c in zip(self.training.train(steps), self.cotangent)))

    def trial(self):
        """Five of the steps: what the search times."""
        self.after(5)

    def run(self):
        return self.after(self.training.steps)
