import { type AxisValues, asItComes, type PeerVariant, variantKey } from "./peerVariant.ts";

/** Milliseconds of a short run, or the reason why the variant does not run. */
export type TrialResult = { readonly ms: number } | { readonly failure: string };

/** One variant that a search tried. */
export type Trial = { readonly variant: PeerVariant } & TrialResult;

/** What a search found. */
export interface Found {
  readonly best: PeerVariant;
  /** All that was tried, in order; the first is PyTorch as it comes. */
  readonly trials: readonly Trial[];
  /** Whether the time ran out before both sweeps had ended. */
  readonly cut: boolean;
}

/**
 * Searches greedily: along one axis after the other the fastest value is kept, starting from PyTorch as it comes. A second
 * sweep tries again what the first decided before later axes had moved. Nothing is tried twice.
 *
 * @param measure times one variant.
 * @param milliseconds after which no new variant is tried.
 * @param now a clock in milliseconds.
 */
export async function greedySearch(
  options: AxisValues,
  measure: (variant: PeerVariant) => Promise<TrialResult>,
  milliseconds: number,
  now: () => number = () => performance.now(),
): Promise<Found> {
  const end = now() + milliseconds;
  const trials: Trial[] = [];
  const known = new Map<string, number>();
  const time = async (variant: PeerVariant): Promise<number> => {
    const key = variantKey(variant);
    if (!known.has(key)) {
      const result = await measure(variant);
      trials.push({ variant, ...result });
      known.set(key, "ms" in result ? result.ms : Number.POSITIVE_INFINITY);
    }
    return known.get(key)!;
  };
  let best = asItComes(options);
  let least = await time(best);
  for (let sweep = 0; sweep < 2; sweep++) {
    for (const [axis, values] of Object.entries(options)) {
      const from = best;
      for (const value of values) {
        const variant = { ...from, [axis]: value };
        if (!known.has(variantKey(variant)) && now() >= end) return { best, trials, cut: true };
        const ms = await time(variant);
        if (ms < least) [best, least] = [variant, ms];
      }
    }
  }
  return { best, trials, cut: false };
}
