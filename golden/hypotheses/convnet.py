"""ConvNet logits, loss, first and second derivatives in float64 PyTorch: writes convnet.json beside this file.

Layers in order, each with weight then bias: conv1, norm1, conv2, norm2, ..., head. Tensor number t counts them; a weight's
scale is 1/sqrt(fan in), a norm's weight is 1 + 0.2 sin, its bias 0.1 sin. The images are tensor 99, targets the labels i mod K.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F

from formula import flat, values

CLASSES = 3
CASES = [
    dict(name="8x8 grey", n=3, input=[1, 8, 8], depth=3, width=8, activation="relu", normalisation="instance", pooling="avg"),
    dict(name="28x28 grey", n=2, input=[1, 28, 28], depth=3, width=4, activation="relu", normalisation="instance", pooling="avg"),
    dict(name="group, swish, max", n=3, input=[3, 8, 8], depth=2, width=8, activation="swish", normalisation="group", pooling="max"),
    dict(name="layer, sigmoid", n=2, input=[3, 9, 7], depth=2, width=4, activation="sigmoid", normalisation="layer", pooling="avg"),
    dict(name="batch, leakyrelu", n=4, input=[1, 8, 8], depth=2, width=4, activation="leakyrelu", normalisation="batch", pooling="avg"),
    dict(name="none, no pooling", n=2, input=[3, 6, 6], depth=2, width=4, activation="relu", normalisation="none", pooling="none"),
]
ACTIVATIONS = dict(
    relu=F.relu, sigmoid=torch.sigmoid, swish=lambda x: x * torch.sigmoid(x), leakyrelu=lambda x: F.leaky_relu(x, 0.01)
)


def shapes(case):
    channels, height, width = case["input"]
    if case["input"] == [1, 28, 28]:
        height = width = 32
    for _ in range(case["depth"]):
        yield "conv", (case["width"], channels, 3, 3)
        if case["normalisation"] == "layer":
            yield "norm", (case["width"], height, width)
        elif case["normalisation"] != "none":
            yield "norm", (case["width"],)
        channels = case["width"]
        if case["pooling"] != "none":
            height, width = height // 2, width // 2
    yield "head", (CLASSES, channels * height * width)


def parameters(case):
    out, t = [], 0
    for kind, shape in shapes(case):
        if kind == "norm":
            out += [values(shape, t, 0.2, 1.0), values(shape, t + 1, 0.1)]
        else:
            scale = 1 / math.sqrt(math.prod(shape[1:]))
            out += [values(shape, t, scale), values(shape[:1], t + 1, scale)]
        t += 2
    return [p.requires_grad_() for p in out]


def forward(case, params, x, statistics=None, running=False):
    params = iter(params)
    for i in range(case["depth"]):
        padding = 3 if i == 0 and case["input"] == [1, 28, 28] else 1
        x = F.conv2d(x, next(params), next(params), padding=padding)
        kind = case["normalisation"]
        if kind != "none":
            weight, bias = next(params), next(params)
            if kind == "instance":
                x = F.group_norm(x, case["width"], weight, bias)
            elif kind == "group":
                x = F.group_norm(x, 4, weight, bias)
            elif kind == "layer":
                x = F.layer_norm(x, x.shape[1:], weight, bias)
            elif statistics is None:
                x = F.batch_norm(x, None, None, weight, bias, training=True)
            else:
                mean, variance = statistics[i]
                x = F.batch_norm(x, mean, variance, weight, bias, training=not running)
        x = ACTIVATIONS[case["activation"]](x)
        if case["pooling"] == "avg":
            x = F.avg_pool2d(x, 2)
        elif case["pooling"] == "max":
            x = F.max_pool2d(x, 2)
    return F.linear(x.flatten(1), next(params), next(params))


def run(case):
    params = parameters(case)
    x = values([case["n"], *case["input"]], 99).requires_grad_()
    labels = torch.arange(case["n"]) % CLASSES
    logits = forward(case, params, x)
    loss = F.cross_entropy(logits, labels)
    gradient = torch.autograd.grad(loss, params, create_graph=True)
    second = torch.autograd.grad(sum((g * g).sum() for g in gradient), x)[0]
    result = dict(
        case=case,
        logits=flat(logits),
        loss=loss.item(),
        gradient=[flat(g) for g in gradient],
        second=flat(second),
    )
    if case["normalisation"] == "batch":
        width = case["width"]
        statistics = [(torch.zeros(width, dtype=torch.float64), torch.ones(width, dtype=torch.float64)) for _ in range(case["depth"])]
        with torch.no_grad():
            forward(case, params, x, statistics)
            result["statistics"] = [[flat(m), flat(v)] for m, v in statistics]
            result["evaluated"] = flat(forward(case, params, x, statistics, running=True))
    return result


if __name__ == "__main__":
    out = [run(case) for case in CASES]
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("[\n" + ",\n".join(json.dumps(r, separators=(",", ":")) for r in out) + "\n]\n")
