import {
  choice,
  flag,
  integer,
  number,
  type OptionRules,
  type Resolved,
  type Tensor,
  work,
} from "../../../engine/index.ts";
import { infiniteWidthKernel } from "../../kernels/infiniteNetwork.ts";
import type { Kernel } from "../../kernels/kernel.ts";
import { neuralFeatureKernel } from "../../kernels/nfk.ts";
import { nngp } from "../../kernels/nngp.ts";
import { ntk } from "../../kernels/ntk.ts";
import { randomFeatureNngp } from "../../kernels/randomFeatureNngp.ts";
import type { Network } from "../../network.ts";
import type { Hypothesis } from "../../sources/source.ts";
import { declareSolver } from "../solver.ts";
import { kernelRidge } from "./kernelRidge.ts";
import type { KernelRidge } from "./ridge.ts";

/** The options of kernel ridge regression. */
const rules = {
  kernel: choice(
    "ntk",
    ["ntk", "nngp", "features", "random-nngp"],
    "of infinitely wide networks in closed form, of the hypothesis's features, or the nngp by several networks' features",
    {
      ntk: ntk.citation,
      nngp: nngp.citation,
      features: work(
        "Y. Zhou, E. Nezhadarya and J. Ba",
        2022,
        "Dataset Distillation using Neural Feature Regression",
        "NeurIPS",
      ),
      "random-nngp": work(
        "N. Loo, R. Hasani, A. Amini and D. Rus",
        2022,
        "Efficient Dataset Distillation Using Random Feature Approximation",
        "NeurIPS",
      ),
    },
  ),
  depth: integer(1, 1, 16, "hidden layers, or convolutional blocks, of infinitely wide networks"),
  convolutional: flag(false, "whether infinitely wide networks are convolutional, or fully connected", {
    true: [
      work(
        "T. Nguyen, R. Novak, L. Xiao and J. Lee",
        2021,
        "Dataset Distillation with Infinitely Wide Convolutional Networks",
        "NeurIPS",
        "b",
      ),
      work(
        "S. Arora, S. S. Du, W. Hu, Z. Li, R. Salakhutdinov and R. Wang",
        2019,
        "On Exact Computation with an Infinitely Wide Neural Net",
        "NeurIPS",
      ),
      work(
        "R. Novak, L. Xiao, J. Lee, Y. Bahri, G. Yang, J. Hron, D. A. Abolafia, J. Pennington and J. Sohl-Dickstein",
        2019,
        "Bayesian Deep Convolutional Networks with Many Channels are Gaussian Processes",
        "ICLR",
      ),
    ],
  }),
  pooling: choice("avg", ["avg", "none"], "of convolutional ones; with it a pair of images takes milliseconds"),
  networks: integer(8, 1, undefined, "hypotheses that random-nngp is made of"),
  ridge: number(1e-6, 0, undefined, "added to the kernel matrix's diagonal"),
  scale: choice("trace", ["trace", "absolute"], "whether the ridge is a share of the mean diagonal, or absolute"),
  precision: choice("float32", ["float32", "float64"], "of the kernel matrix on S"),
} satisfies OptionRules;

/**
 * Training on S in closed form: kernel ridge regression (§5.1.2, §5.2.2). Kernels of infinitely wide networks need no hypothesis;
 * those of features are made of the hypotheses' features.
 */
export const kernelRidgeSolver = declareSolver({
  yields: "predictor",
  title: "kernel ridge regression on S",
  reference: "§5.2.2",
  citation: work(
    "T. Nguyen, Z. Chen and J. Lee",
    2021,
    "Dataset Meta-Learning from Kernel Ridge-Regression",
    "ICLR",
    "a",
  ),
  options: rules,
  attacked: true,
  hypotheses: ({ kernel, networks }) => (isInfinite(kernel) ? 0 : kernel === "random-nngp" ? networks : 1),
  make(options, context) {
    const { ridge, scale, precision } = options;
    const { classes, imagesPerClass, network } = context;
    const kernel = kernelOf(options, network);
    const count = classes * imagesPerClass;
    const infinite = isInfinite(options.kernel);
    let made: KernelRidge | undefined;
    return {
      yields: "predictor",
      learned: {},
      async lossAndGradient({ data, hypothesis, beside = [] }, real, learned, perturbed) {
        const own = kernel([hypothesis, ...beside]);
        made ??= kernelRidge(own, { ridge, scale, precision, loss: context.loss });
        const { fit, slope, lossAndGradient } = made;
        const fitted = await fit(data, own.parameters);
        const at = (images: Tensor) => slope(fitted, { images, labels: real.labels }, learned);
        return lossAndGradient(fitted, perturbed ? await perturbed(real, at) : real, learned);
      },
      multiplyAdds(pass, real) {
        const pixels = network.input.reduce((a, b) => a * b, 1);
        const products = (length: number) => 3 * count * (real + count) * length;
        if (infinite) return products(pixels);
        const own = options.kernel === "random-nngp" ? options.networks : 1;
        // T once; S forward, and forward and back for the derivative.
        return own * (pass * (real + 4 * count) + network.features * (count * count + 3 * classes * real));
      },
      dispose: () => made?.dispose(),
    };
  },
});

/** Tells whether a kernel is one of infinitely wide networks, which needs no hypothesis. */
const isInfinite = (kernel: Resolved<typeof rules>["kernel"]) => kernel === "ntk" || kernel === "nngp";

/** The kernel of some hypotheses: one trace for all of equal number. */
function kernelOf(options: Resolved<typeof rules>, network: Network): (hypotheses: readonly Hypothesis[]) => Kernel {
  const { networks } = options;
  const pool = (hypotheses: readonly Hypothesis[]) => hypotheses.map((h) => h.params);
  switch (options.kernel) {
    case "features":
      return (hypotheses) => neuralFeatureKernel(network, pool(hypotheses).slice(0, 1));
    case "random-nngp":
      return (hypotheses) => randomFeatureNngp(network, pool(hypotheses).slice(0, networks));
    default: {
      const kernel = infiniteWidthKernel(options.kernel, options, network.input);
      return () => kernel;
    }
  }
}
