import { numpy as np } from "@jax-js/jax";
import { AttarError, type RandomKey } from "../../engine/index.ts";
import { buildNetwork } from "../../hypotheses/index.ts";
import {
  type FeatureKernel,
  featureKernel,
  meanEmbedding,
  neuralFeatureKernel,
  type WeightedPoints,
} from "../../hypotheses/kernels/index.ts";
import { type Discrepancy, measured } from "../discrepancy.ts";
import { wholeNumber } from "../measures/index.ts";
import { drawn, drawText } from "./draw.ts";
import { keyOf } from "./options.ts";
import { pairOf } from "./points.ts";
import { meanOf, root, withoutOwnPairs } from "./squared.ts";

/** MMD under the features of random networks: what distribution matching minimises, as a distance. */
export const mmdNfk = {
  title: "Maximum mean discrepancy, features of random networks",
  formula: "√ E_θ ‖E_a ψ_θ(x) − E_b ψ_θ(y)‖²",
  reference: "§2, eq. (1); §5.2.2, neural feature kernel",
  options: {},
  measured: measured({
    labelAware: false,
    needsImages: true,
    options: {
      networks: wholeNumber(4, 2, "random networks, which give the standard error"),
      points: wholeNumber(2000, 2, "points drawn for each network of a set that has more"),
    },
    async measure(a, b, { networks, points }, context) {
      const pair = pairOf(a, b);
      const input = pair.a.points.shape.slice(1);
      if (input.length !== 3)
        throw new AttarError(
          "bad-measure",
          `mmd-nfk reads images [C, H, W], and ${a.name} has points of shape [${input}]`,
          "Use mmd, which takes any points.",
        );
      const network = buildNetwork(context.network, input as [number, number, number], Math.max(1, a.classes.length));
      const squares: number[] = [];
      for (let k = 0; k < networks; k++) {
        const key = keyOf(context, "networks").fold(k);
        const kernel = withSquare(neuralFeatureKernel(network, [network.init(key)]));
        const side = (set: WeightedPoints) => momentsOf(kernel, set, points, key, context.signal);
        squares.push(squaredMmd(await side(pair.a), await side(pair.b)));
      }
      const of = [pair.a, pair.b].map(({ weights }) => drawText(weights.length, points)).join(" and ");
      const { name } = network.spec;
      return { ...root(meanOf(squares)), estimator: `${networks} random ${name}s, points ${of}, error over networks` };
    },
  }),
} satisfies Discrepancy;

/** φ with ‖φ‖² as one more feature. */
function withSquare(kernel: FeatureKernel): FeatureKernel {
  return featureKernel(`${kernel.name} and their square`, kernel.parameters, (parameters, x) => {
    const features = kernel.features(parameters, x);
    return np.concatenate([features.ref, np.sum(np.square(features), 1).reshape([-1, 1])], 1);
  });
}

/** E φ, and an unbiased ‖E φ‖². */
interface Moments {
  readonly mean: Float64Array;
  readonly squaredNorm: number;
}

async function momentsOf(
  kernel: FeatureKernel,
  set: WeightedPoints,
  points: number,
  key: RandomKey,
  signal?: AbortSignal,
): Promise<Moments> {
  const whole = set.weights.length <= points;
  const all = await meanEmbedding(kernel, whole ? set : drawn(set, points, key), { signal });
  const mean = all.subarray(0, -1);
  const norm = mean.reduce((s, v) => s + v * v, 0);
  return { mean, squaredNorm: whole ? norm : withoutOwnPairs(norm, all.at(-1)!, points) };
}

/** ‖E φ − E φ‖² of two sides. */
const squaredMmd = (a: Moments, b: Moments): number =>
  a.squaredNorm + b.squaredNorm - 2 * a.mean.reduce((s, v, k) => s + v * b.mean[k]!, 0);
