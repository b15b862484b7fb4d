"""The variables of S in the state of a run, and the update that moves them."""

import torch

CLASSES = 10
NAMES = ["synthetic", "labels", "rates"]


def setting(tensors, name):
    """A number of the method's recipe."""
    return tensors[f"settings.{name}"].item()


def labels_of(images):
    """The classes of images that lie class by class."""
    return torch.arange(CLASSES).repeat_interleave(len(images) // CLASSES)


class SyntheticSet:
    """Pixels and whatever is learned beside them, moved by SGD with momentum or by Adam from where the state has them."""

    def __init__(self, tensors, memory_format=torch.contiguous_format):
        def copy(name, tensor):
            return tensor.clone(memory_format=memory_format if name == "synthetic" else torch.preserve_format)

        self.variables = {n: copy(n, tensors[n]).requires_grad_() for n in NAMES if n in tensors}
        groups = [{"params": [v], "lr": setting(tensors, f"rate.{n}")} for n, v in self.variables.items()]
        momentum = setting(tensors, "momentum")
        if "velocity.synthetic" in tensors:
            self.buffers = {"velocity": "momentum_buffer"}
            self.optimizer = torch.optim.SGD(groups, lr=0, momentum=momentum)
        else:
            self.buffers = {"first": "exp_avg", "second": "exp_avg_sq"}
            self.optimizer = torch.optim.Adam(groups, betas=(momentum, setting(tensors, "beta2")))
        for name, variable in self.variables.items():
            state = self.optimizer.state[variable]
            for part, buffer in self.buffers.items():
                state[buffer] = copy(name, tensors[f"{part}.{name}"])
            if "second" in self.buffers:
                state["step"] = torch.tensor(setting(tensors, "taken"))

    @property
    def images(self):
        return self.variables["synthetic"]

    def gradients(self, loss):
        """The derivative in every variable."""
        return torch.autograd.grad(loss, list(self.variables.values()))

    def update(self, gradients):
        for variable, gradient in zip(self.variables.values(), gradients):
            variable.grad = gradient
        self.optimizer.step()

    def coasted(self):
        """What is stored of each class after the updates of the classes before it, known beforehand: they have no gradient for it."""
        (group,) = self.optimizer.param_groups
        velocity = self.optimizer.state[self.images]["momentum_buffer"]
        shares = zip(self.images.detach().chunk(CLASSES), velocity.chunk(CLASSES))
        powers = [group["momentum"] ** k for k in range(1, CLASSES)]
        return [x - group["lr"] * sum(powers[:c]) * v for c, (x, v) in enumerate(shares)]

    def update_by_class(self, gradients):
        """One update after every class, in which the momentum of all the others carries them on."""
        size = len(self.images) // CLASSES
        for c, gradient in enumerate(gradients):
            self.images.grad = torch.zeros_like(self.images)
            self.images.grad[c * size : (c + 1) * size] = gradient
            self.optimizer.step()

    def state(self):
        """The variables and the means of their gradients."""
        buffers = {
            f"{part}.{name}": self.optimizer.state[variable][buffer]
            for part, buffer in self.buffers.items()
            if part != "second"
            for name, variable in self.variables.items()
        }
        return {**self.variables, **buffers}
