"""Training as a differentiable function: plain SGD steps whose graphs are kept."""

from gradient import DifferentiableGradient


class UnrolledTraining:
    """Training of a model on all of S at once, from the parameters it has."""

    def __init__(self, model, variant):
        self.names = [name for name, _ in model.named_parameters()]
        self.start = [p.detach() for p in model.parameters()]
        self.gradients = DifferentiableGradient(model, variant)

    def tree(self, tensors, prefix):
        return [tensors[f"{prefix}.{name}"] for name in self.names]

    def train(self, images, labels, rates):
        """The parameters after a step at each of the rates."""
        theta = [p.clone().requires_grad_() for p in self.start]
        for rate in rates:
            gradient = self.gradients(theta, images, labels)
            theta = [p - rate * g for p, g in zip(theta, gradient)]
        return theta
