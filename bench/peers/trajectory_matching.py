"""trajectory-step-ipc10: 20 inner steps on 100 images, the normalised distance to an expert's later parameters, its gradient."""

from unrolled import UnrolledTraining


def square_distance(a, b):
    return sum(((p - q) ** 2).sum() for p, q in zip(a, b))


class TrajectoryStep:
    groupings = (None,)

    def __init__(self, tensors, layout, group):
        self.training = UnrolledTraining(tensors, layout, 0.01)
        self.target = self.training.tree(tensors, "target")
        self.scale = square_distance(self.training.start, self.target)

    def run(self):
        loss = square_distance(self.training.train(), self.target) / self.scale
        return {"loss": loss, **self.training.gradient(loss)}
