"""unroll-20 and unroll-200: the gradient of a linear function of the trained parameters, through every step."""

from unrolled import UnrolledTraining


class Unroll:
    groupings = (None,)

    def __init__(self, tensors, layout, group):
        self.training = UnrolledTraining(tensors, layout, 0.001)
        self.cotangent = self.training.tree(tensors, "cotangent")

    def run(self):
        return self.training.gradient(sum((p * c).sum() for p, c in zip(self.training.train(), self.cotangent)))
