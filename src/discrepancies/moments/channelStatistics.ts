import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { work } from "../../engine/index.ts";
import type { Discrepancy } from "../discrepancy.ts";
import { traced } from "../traced.ts";

/**
 * Mean and variance of every channel, compared by their norms, as regularisers by the statistics of batch normalisation do
 * (SRe2L, WMDD). Reads what the view "channels" yields: means `<layer>/mean` and `<layer>/square`.
 */
export const channelStatistics = {
  title: "Difference of channel means and variances",
  formula: "Σ_layers ‖ mean(S) − mean(T) ‖ + ‖ Var(S) − Var(T) ‖",
  reference: "§5.1.4, Wasserstein distance",
  citation: work(
    "Z. Yin, E. Xing and Z. Shen",
    2023,
    "Squeeze, Recover and Relabel: Dataset Condensation at ImageNet Scale From A New Perspective",
    "NeurIPS",
  ),
  options: {},
  unmeasured: "it compares the layers of a network, as the view channels yields them, and a set of samples has none",
  traced: traced({
    compares: ["means"],
    ofChannelMoments: true,
    options: {},
    make: () => ({
      between(synthetic, real) {
        const [s, t] = [synthetic as Record<string, Traced>, real as Record<string, Traced>];
        const layers = Object.keys(s)
          .filter((name) => name.endsWith("/mean"))
          .map((name) => name.slice(0, -"/mean".length));
        return layers
          .map((layer) => {
            const [mean, variance] = statistics(s, layer);
            const [wantedMean, wantedVariance] = statistics(t, layer);
            return norm(mean.sub(wantedMean)).add(norm(variance.sub(wantedVariance)));
          })
          .reduce((sum, part) => sum.add(part));
      },
    }),
  }),
} satisfies Discrepancy;

function statistics(of: Record<string, Traced>, layer: string): [Traced, Traced] {
  const mean = of[`${layer}/mean`]!;
  const variance = of[`${layer}/square`]!.sub(np.square(mean.ref));
  return [mean, variance];
}

/** ‖v‖, rounded off at zero, where it has no derivative. */
const norm = (v: Traced): Traced => np.sqrt(np.maximum(np.sum(np.square(v)), 1e-12));
