import type { NamedTensors } from "./namedTensors.ts";

/** A fault planted in the peer: in what it is handed, or in its program. */
export interface Fault {
  readonly what: string;
  /** Changes of what it is handed. */
  readonly tensors?: (tensors: NamedTensors) => NamedTensors;
  /** Lines of Python that run before it starts, beside its modules. */
  readonly python?: readonly string[];
}

const scaled = (what: string, name: string, by: number): Fault => ({
  what,
  tensors: (tensors) => ({ ...tensors, [name]: tensors[name]!.scale(by) }),
});

const fewer = (what: string, name: string): Fault => ({
  what,
  tensors: (tensors) => ({ ...tensors, [name]: tensors[name]!.map((v) => v - 1) }),
});

const rate = scaled("a learning rate of S a thousandth larger", "settings.rate.synthetic", 1.001);
const momentum = scaled("a momentum of S a hundredth less", "settings.momentum", 0.99);
const trainingRate = scaled("a learning rate of the network a thousandth larger", "settings.training.rate", 1.001);

const normalisation: Fault = {
  what: "another constant in the normalisation",
  python: ["import convnet", "convnet.EPSILON = 1.1e-5"],
};

/** An option of the optimizer of a network, changed by a statement. */
const optimizer = (what: string, change: string): Fault => ({
  what,
  python: [
    "import torch",
    "SGD = torch.optim.SGD",
    "def changed(parameters, **options):",
    `    ${change}`,
    "    return SGD(parameters, **options)",
    "torch.optim.SGD = changed",
  ],
});

/** Faults of each case, all of them small, that parity has to notice. */
export const faults: Readonly<Record<string, readonly Fault[]>> = {
  "features-256": [normalisation],
  "gradient-256": [normalisation],
  "gradient-matching-step": [normalisation],
  "training-epoch-100": [
    optimizer("no weight decay", 'options["weight_decay"] = 0'),
    optimizer("a momentum a hundredth less", 'options["momentum"] *= 0.99'),
    optimizer("a learning rate a thousandth larger", 'options["lr"] *= 1.001'),
  ],
  "cgan-step-128": [
    scaled("a learning rate a thousandth larger", "settings.rate", 1.001),
    {
      what: "another target of real scores",
      python: ["import adversarial_step", "adversarial_step.REAL = 0.91"],
    },
  ],
  "denoiser-step-128": [
    scaled("a learning rate a thousandth larger", "settings.rate", 1.001),
    {
      what: "half as many groups in a normalisation",
      python: ["import denoiser_step", "denoiser_step.groups_of = lambda channels: 4"],
    },
  ],
  "generator-step-128": [
    scaled("a learning rate a thousandth larger", "settings.rate", 1.001),
    {
      what: "half the divergence",
      python: ["import generator_step", "generator_step.DIVERGENCE = 0.5"],
    },
  ],
  "kernel-ridge-step": [
    {
      what: "a solution a thousandth too large",
      python: [
        "from kernel_ridge import KernelRidge",
        "solve = KernelRidge.solve",
        "KernelRidge.solve = lambda self, images, labels: 1.001 * solve(self, images, labels)",
      ],
    },
  ],
  "unroll-20": [fewer("an inner step less", "steps")],
  "dm-step": [rate, momentum],
  "dc-step": [rate, momentum, trainingRate, fewer("an epoch of the network less", "settings.epochs")],
  "idc-step": [
    rate,
    momentum,
    trainingRate,
    scaled("no weight decay of the network", "settings.training.weightDecay", 0),
    scaled("a momentum of the network a hundredth less", "settings.training.momentum", 0.99),
  ],
  "kip-step": [rate, momentum, scaled("a learning rate of labels a thousandth larger", "settings.rate.labels", 1.001)],
  "bptt-step": [
    rate,
    momentum,
    scaled("a learning rate of rates a thousandth larger", "settings.rate.rates", 1.001),
    {
      what: "an inner step less",
      python: [
        "from unrolled import UnrolledTraining",
        "train = UnrolledTraining.train",
        "def shorter(self, images, labels, rates):",
        "    return train(self, images, labels, [*rates[:-1], 0 * rates[-1]])",
        "UnrolledTraining.train = shorter",
      ],
    },
  ],
  "mtt-step": [
    rate,
    momentum,
    scaled("a learning rate of the step size a hundredth larger", "settings.rate.rates", 1.01),
    fewer("an inner step less", "settings.steps"),
  ],
};
