"""The field's ConvNet in PyTorch: width 128, three blocks, instance normalisation, average pooling."""

import torch
from torch import nn
from torch.nn import functional as F

EPSILON = 1e-5


def by_hand(x, weight, bias):
    variance, mean = torch.var_mean(x, (2, 3), correction=0, keepdim=True)
    scale = torch.rsqrt(variance + EPSILON) * weight[:, None, None]
    return x * scale + (bias[:, None, None] - mean * scale)


norms = {
    # As the field's reference code writes it.
    "group_norm": lambda x, weight, bias: F.group_norm(x, len(weight), weight, bias, EPSILON),
    "instance_norm": lambda x, weight, bias: F.instance_norm(x, weight=weight, bias=bias, eps=EPSILON),
    "by hand": by_hand,
}


activations = {"relu": lambda x: F.relu(x, inplace=True), "swish": F.silu}


class InstanceNorm(nn.Module):
    def __init__(self, channels: int, form: str):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.normalise = norms[form]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.normalise(x, self.weight, self.bias)


class ConvNet(nn.Module):
    """Layers carry the names of the tensors they are sent: conv1 .. conv3, norm1 .. norm3, head."""

    def __init__(self, channels: int, padding: int, features: int, classes: int, width: int, norm: str, act: str):
        super().__init__()
        self.act = activations[act]
        self.conv1 = nn.Conv2d(channels, width, 3, padding=padding)
        self.norm1 = InstanceNorm(width, norm)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        self.norm2 = InstanceNorm(width, norm)
        self.conv3 = nn.Conv2d(width, width, 3, padding=1)
        self.norm3 = InstanceNorm(width, norm)
        self.head = nn.Linear(features, classes)

    def embed(self, x: torch.Tensor) -> torch.Tensor:
        x = F.avg_pool2d(self.act(self.norm1(self.conv1(x))), 2)
        x = F.avg_pool2d(self.act(self.norm2(self.conv2(x))), 2)
        x = F.avg_pool2d(self.act(self.norm3(self.conv3(x))), 2)
        return torch.flatten(x, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.embed(x))


def convnet(tensors: dict, variant) -> ConvNet:
    """The network with the weights that were sent, which also tell its sizes."""
    first = tensors["params.conv1.weight"]
    head = tensors["params.head.weight"]
    # A grey 28x28 image is padded to 32x32, as the field does.
    seen = tensors["images"] if "images" in tensors else tensors["synthetic"]
    padding = 3 if seen.shape[-1] == 28 else 1
    sizes = first.shape[1], padding, head.shape[1], head.shape[0], first.shape[0]
    model = ConvNet(*sizes, variant.norm, variant.activation)
    prefix = "params."
    model.load_state_dict({k[len(prefix) :]: t for k, t in tensors.items() if k.startswith(prefix)})
    return model.to(memory_format=variant.memory_format, dtype=first.dtype)
