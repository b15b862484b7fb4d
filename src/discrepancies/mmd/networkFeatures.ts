import { AttarError } from "../../engine/index.ts";
import { buildNetwork } from "../../hypotheses/index.ts";
import { neuralFeatureKernel } from "../../hypotheses/kernels/index.ts";
import type { Discrepancy } from "../discrepancy.ts";
import { embeddingDifference } from "./embedded.ts";
import { comparable } from "./points.ts";
import { count, keyOf } from "./settings.ts";
import { meanOf, root } from "./squared.ts";

/** MMD under the features of random networks: what distribution matching minimises, as a distance. One pass a network. */
export const mmdNfk: Discrepancy = {
  name: "mmd-nfk",
  title: "Maximum mean discrepancy, features of random networks",
  formula: "√ E_θ ‖E_a ψ_θ(x) − E_b ψ_θ(y)‖²",
  reference: "§2, eq. (1); §5.2.2, neural feature kernel",
  labelAware: false,
  needsImages: true,
  settings: { networks: count(4, 2, "random networks, which give the standard error") },
  async measure(a, b, context) {
    const pair = comparable(a, b, { points: 1, why: "MMD" });
    const input = pair.a.points.shape.slice(1);
    if (input.length !== 3)
      throw new AttarError(
        "bad-measure",
        `mmd-nfk reads images [C, H, W], and ${a.name} has points of shape [${input}]`,
        "Use mmd, which takes any points.",
      );
    const network = buildNetwork(context.network, input as [number, number, number], Math.max(1, a.classes.length));
    const networks = context.settings.networks!;
    const squares: number[] = [];
    for (let k = 0; k < networks; k++) {
      const kernel = neuralFeatureKernel(network, [network.init(keyOf(context, "networks").fold(k))]);
      const difference = await embeddingDifference(kernel, pair.a, pair.b, { signal: context.signal });
      squares.push(difference.reduce((s, v) => s + v, 0));
    }
    const { name } = network.spec;
    return { ...root(meanOf(squares)), estimator: `${networks} random ${name}s, all points, error over networks` };
  },
};
