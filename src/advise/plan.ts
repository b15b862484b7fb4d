import { networkSeconds, type ScoringCost } from "../evaluate/scoringCost.ts";

export interface PlanOptions {
  /** Seconds that are left for everything. */
  readonly seconds: number;
  readonly costs: readonly ScoringCost[];
  /** Sets of each size: the subsets, and those of methods. */
  readonly sets: number;
  /** Those of a size that an earlier advice has scored already; none where left out. */
  readonly scored?: (ipc: number) => number;
  /** True where some of them take steps, which need time as well. */
  readonly condenses: boolean;
  /** Epochs that the protocol trains where there is time. */
  readonly usualEpochs: number;
  /** Epochs and networks a set that are asked for, and may not be changed. */
  readonly epochs?: number;
  readonly networks?: number;
}

/** The protocol of all trials, and the sizes that are tried. */
export interface Plan {
  readonly epochs: number;
  readonly networks: number;
  readonly sizes: readonly number[];
  /** Sizes for which the time does not do. */
  readonly left: readonly number[];
  /** Where networks train too little for a ranking to say anything: the seconds that would do for the smallest size. */
  readonly wanted?: number;
}

/** Below so many epochs a ranking of sets says little: a small set's epoch is one step. */
const leastEpochs = 100;
/** Networks a set: a deviation is of two or more. */
const networkCounts = [3, 2];
/** The share of the time that scoring may take where sets are condensed, too. */
const scoringShare = 0.5;
/** The same where all sets are chosen rows. */
const onlyScoring = 0.9;

/**
 * Divides a budget between scoring and condensing: three networks a set where they may train for a hundred epochs, else two;
 * where that is too much as well, the largest sizes are left; and where even the smallest one is, it is scored with as many
 * epochs as there is time for, and the plan says which time it wants. All sets have one protocol, or they could not be compared.
 */
export function planned({ seconds, costs, sets, scored, condenses, usualEpochs, ...asked }: PlanOptions): Plan {
  const forScoring = seconds * (condenses ? scoringShare : onlyScoring);
  const sizes = [...costs].sort((a, b) => a.ipc - b.ipc);
  const counts = asked.networks === undefined ? networkCounts : [asked.networks];
  const missing = (ipc: number) => sets - (scored?.(ipc) ?? 0);
  const sum = (of: readonly ScoringCost[], value: (cost: ScoringCost) => number) =>
    of.reduce((total, cost) => total + missing(cost.ipc) * value(cost), 0);
  const epochsFor = (of: readonly ScoringCost[], networks: number) => {
    const left = forScoring / networks - sum(of, ({ beside }) => beside);
    const each = sum(of, ({ perEpoch }) => perEpoch);
    return each === 0 ? usualEpochs : Math.min(usualEpochs, Math.floor(left / each + 1e-9));
  };
  const least = asked.epochs ?? Math.min(leastEpochs, usualEpochs);
  const plan = (kept: number, networks: number, epochs: number): Plan => ({
    epochs: asked.epochs ?? epochs,
    networks,
    sizes: sizes.slice(0, kept).map(({ ipc }) => ipc),
    left: sizes.slice(kept).map(({ ipc }) => ipc),
  });
  for (const networks of counts) {
    const epochs = epochsFor(sizes, networks);
    if (epochs >= least) return plan(sizes.length, networks, epochs);
  }
  const fewest = counts.at(-1)!;
  for (let kept = sizes.length - 1; kept >= 1; kept--) {
    const epochs = epochsFor(sizes.slice(0, kept), fewest);
    if (epochs >= least) return plan(kept, fewest, epochs);
  }
  const few = Math.max(1, epochsFor(sizes.slice(0, 1), fewest));
  const wanted = (sets * fewest * networkSeconds(sizes[0]!, least)) / (condenses ? scoringShare : onlyScoring);
  return { ...plan(1, fewest, few), ...(asked.epochs === undefined && { wanted }) };
}
