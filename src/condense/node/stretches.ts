import type { Provenance } from "./provenance.node.ts";

/** Steps of a run that another machine, device or version took than those that end it. */
export interface Stretch extends Provenance {
  /** The last step it took. */
  readonly until: number;
}

/** What a run's record tells of where it was computed. */
export type Computed = Provenance & { readonly earlier?: readonly Stretch[] };

/**
 * What a run owes to others when it is continued here.
 *
 * @param before the record it had until now. @param here where it goes on. @param step the last step that was taken.
 * @returns in order, without those whose steps are taken again.
 */
export function earlierStretches(before: Computed, here: Provenance, step: number): readonly Stretch[] {
  const { versions, device, cores, executor, earlier = [] } = before;
  const all = [...earlier, { until: Number.POSITIVE_INFINITY, versions, device, cores, executor }];
  const last = all.find(({ until }) => until >= step)!;
  const past = step > 0 ? all.filter(({ until }) => until < step) : [];
  const same = (a: Provenance, b: Provenance) => JSON.stringify(plain(a)) === JSON.stringify(plain(b));
  return step === 0 || same(last, here) ? past : [...past, { ...last, until: step }];
}

const plain = ({ versions, device, cores, executor }: Provenance) => [versions, device, cores, executor];
