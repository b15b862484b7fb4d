import { fullyConnectedKernel, type Limit } from "../../hypotheses/kernels/index.ts";
import { type Discrepancy, measured } from "../discrepancy.ts";
import { wholeNumber } from "../measures/index.ts";
import { drawText } from "./draw.ts";
import { keyOf, traits } from "./options.ts";
import { pairOf } from "./points.ts";
import { root } from "./squared.ts";
import { subsampledMmd } from "./subsampled.ts";

/** Hidden layers of the networks whose kernels MMD takes by default. */
export const usualDepth = 3;

/** MMD under the kernel of infinitely wide fully connected ReLU networks, from draws of a few points. */
const infiniteWidthMmd = (limit: Limit, title: string, kernel: string) =>
  ({
    title: `Maximum mean discrepancy, ${title}`,
    formula: `‖E_a k(x,·) − E_b k(y,·)‖, k(x,y) = ${kernel}`,
    reference: "§2, eq. (1)",
    options: {},
    measured: measured({
      ...traits,
      options: {
        depth: wholeNumber(usualDepth, 1, "hidden layers of the network, fully connected with ReLU"),
        points: wholeNumber(1000, 2, "points drawn at a time of a set that has more"),
        draws: wholeNumber(4, 2, "independent draws, which give the standard error"),
      },
      async measure(a, b, { depth, points, draws }, context) {
        const pair = pairOf(a, b);
        const kernel = fullyConnectedKernel(limit, { depth });
        const options = { points, draws, signal: context.signal };
        const squared = await subsampledMmd(kernel, pair.a, pair.b, keyOf(context, "points"), options);
        const sizes = [pair.a, pair.b].map(({ weights }) => weights.length);
        return {
          ...root(squared),
          estimator: sizes.every((n) => n <= points)
            ? "exact, all pairs"
            : `unbiased in the square, ${draws} draws, points ${sizes.map((n) => drawText(n, points)).join(" and ")}`,
        };
      },
    }),
  }) satisfies Discrepancy;

export const mmdNtk = infiniteWidthMmd("ntk", "neural tangent kernel of infinite width", "E_θ ∇f_θ(x)·∇f_θ(y)");
export const mmdNngp = infiniteWidthMmd(
  "nngp",
  "Gaussian process kernel of networks of infinite width",
  "E_θ f_θ(x) f_θ(y)",
);
