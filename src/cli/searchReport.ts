import { type ArchitectureSearch, architectureSearch } from "../benchmark/metrics/index.ts";
import { AttarError, randomKey } from "../engine/index.ts";
import type { Evaluation } from "../evaluate/index.ts";

/**
 * Refuses a search whose orders nobody could compare, before anything is trained.
 *
 * @throws AttarError "bad-option" for fewer than three networks, or no baseline `full`
 */
export function checkSearch(networks: number, baselines: readonly string[]): void {
  if (networks >= 3 && baselines.includes("full")) return;
  throw new AttarError(
    "bad-option",
    "--search compares the order of three networks or more, trained on the set and on the full data",
    "leave --nets and --baselines out, or add networks to --nets and full to --baselines",
  );
}

/** The order of networks trained on a set against that of the same trained on the full data. */
export function searchOf({ results, baselines }: Evaluation, seed = 0): ArchitectureSearch {
  const full = new Map(baselines.full?.results.map(({ net, accuracy }) => [net, accuracy?.mean]));
  const candidates = results.flatMap(({ net, accuracy }) => {
    const there = full.get(net);
    return accuracy && there !== undefined ? [{ net, condensed: accuracy.mean, full: there }] : [];
  });
  return architectureSearch(candidates, randomKey(seed).fold("search"));
}

/** What a search by proxy came to, in lines for a person. */
export function searchLines({
  networks,
  spearman,
  interval,
  kendall,
  pick,
  pickAccuracy,
  bestAccuracy,
}: ArchitectureSearch): string[] {
  const figure = (value: number) => value.toFixed(2);
  const order =
    spearman === undefined || kendall === undefined
      ? `no order of ${networks} networks: all score alike on one of the two`
      : `order of ${networks} networks: Spearman ${figure(spearman)}${interval ? ` (${figure(interval.low)} to ${figure(interval.high)})` : ""}, Kendall ${figure(kendall)}`;
  return [
    order,
    `picked ${pick}: ${(100 * pickAccuracy).toFixed(2)} % on the full data, the best has ${(100 * bestAccuracy).toFixed(2)} %`,
  ];
}
