import { fullyConnectedKernel, type Limit } from "../../hypotheses/kernels/index.ts";
import type { Discrepancy } from "../discrepancy.ts";
import { drawText } from "./draw.ts";
import { comparable } from "./points.ts";
import { count, keyOf } from "./settings.ts";
import { root } from "./squared.ts";
import { subsampledMmd } from "./subsampled.ts";

/** MMD under the kernel of infinitely wide fully connected ReLU networks, from draws of a few points. */
function infiniteWidthMmd(limit: Limit, title: string, kernel: string): Discrepancy {
  return {
    name: `mmd-${limit}`,
    title,
    formula: `‖E_a k(x,·) − E_b k(y,·)‖, k(x,y) = ${kernel}`,
    reference: "§2, eq. (1)",
    labelAware: false,
    needsImages: false,
    settings: {
      depth: count(3, 1, "hidden layers of the network, fully connected with ReLU"),
      points: count(1000, 2, "points drawn at a time of a set that has more"),
      draws: count(4, 2, "independent draws, which give the standard error"),
    },
    async measure(a, b, context) {
      const pair = comparable(a, b, { points: 1, why: "MMD" });
      const { depth, points, draws } = context.settings as { depth: number; points: number; draws: number };
      const squared = await subsampledMmd(
        fullyConnectedKernel(limit, { depth }),
        pair.a,
        pair.b,
        keyOf(context, "points"),
        { points, draws, signal: context.signal },
      );
      const sizes = [pair.a, pair.b].map(({ weights }) => weights.length);
      return {
        ...root(squared),
        estimator: sizes.every((n) => n <= points)
          ? "exact, all pairs"
          : `unbiased in the square, ${draws} draws, points ${sizes.map((n) => drawText(n, points)).join(" and ")}`,
      };
    },
  };
}

export const mmdNtk = infiniteWidthMmd(
  "ntk",
  "Maximum mean discrepancy, neural tangent kernel of infinite width",
  "E_θ ∇f_θ(x)·∇f_θ(y)",
);
export const mmdNngp = infiniteWidthMmd(
  "nngp",
  "Maximum mean discrepancy, Gaussian process kernel of networks of infinite width",
  "E_θ f_θ(x) f_θ(y)",
);
