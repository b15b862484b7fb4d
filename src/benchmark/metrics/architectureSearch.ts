import type { RandomKey } from "../../engine/index.ts";
import { bootstrapInterval } from "../statistics/bootstrap.ts";
import type { Interval } from "../statistics/interval.ts";
import { kendall, spearman } from "../statistics/rankCorrelation.ts";

/** A network with its accuracy where it was trained on S, and where it was trained on T. */
export interface Candidate {
  readonly net: string;
  readonly condensed: number;
  readonly full: number;
}

/** How well a condensed set stands in for T in the choice of a network. */
export interface ArchitectureSearch {
  readonly networks: number;
  /** Spearman's ρ of the two orders, with its bootstrap interval over networks; nothing where one has no order. */
  readonly spearman?: number;
  readonly interval?: Interval;
  readonly kendall?: number;
  /** The network that S ranks first, and its accuracy where it is trained on T. */
  readonly pick: string;
  readonly pickAccuracy: number;
  /** The best accuracy on T of any network: what a search on T itself would have found. */
  readonly bestAccuracy: number;
}

/**
 * Architecture search by proxy: the order of networks trained on S against their order trained on T.
 *
 * Zhao et al. 2021, DC (arXiv 2006.05929), who search among 720 ConvNets; here the order is of all networks that are given.
 *
 * @throws RangeError for fewer than three networks
 */
export function architectureSearch(candidates: readonly Candidate[], key: RandomKey): ArchitectureSearch {
  if (candidates.length < 3) throw new RangeError(`an order of ${candidates.length} networks`);
  const rho = (some: readonly Candidate[]) =>
    spearman(
      some.map(({ condensed }) => condensed),
      some.map(({ full }) => full),
    );
  const tau = kendall(
    candidates.map(({ condensed }) => condensed),
    candidates.map(({ full }) => full),
  );
  const own = rho(candidates);
  // Draws of one network again and again have no order: they say nothing, and count as none.
  const interval = own === undefined ? undefined : bootstrapInterval(candidates, (some) => rho(some) ?? 0, { key });
  const pick = candidates.reduce((a, b) => (b.condensed > a.condensed ? b : a));
  return {
    networks: candidates.length,
    ...(own !== undefined && { spearman: own }),
    ...(interval && { interval }),
    ...(tau !== undefined && { kendall: tau }),
    pick: pick.net,
    pickAccuracy: pick.full,
    bestAccuracy: Math.max(...candidates.map(({ full }) => full)),
  };
}

/** The 24 ConvNets of a search on a laptop, as `--nets` takes them: depth, width, normalisation, pooling. */
export const searchGrid: readonly string[] = [2, 3].flatMap((depth) =>
  [16, 32].flatMap((width) =>
    ["none", "instance", "group"].flatMap((normalisation) =>
      ["avg", "max"].map(
        (pooling) => `convnet:depth=${depth},width=${width},normalisation=${normalisation},pooling=${pooling}`,
      ),
    ),
  ),
);
