import type { Provenance } from "./provenance.node.ts";

/** Steps of a run that another machine, device or version took than those that end it. */
export interface Stretch extends Provenance {
  /** The last step it took. */
  readonly until: number;
}

/** The places where a run was computed, as its record has them. */
export type Computed = Provenance & { readonly earlier?: readonly Stretch[] };

/**
 * The earlier stretches of a run that is continued here.
 *
 * @param before the record it had until now. @param here where it goes on. @param step the last step that was taken.
 * @returns in order, without those whose steps are taken again.
 */
export function earlierStretches(before: Computed, here: Provenance, step: number): readonly Stretch[] {
  if (step === 0) return [];
  const all = [...(before.earlier ?? []), { ...placeOf(before), until: Number.POSITIVE_INFINITY }];
  const past = all.filter(({ until }) => until < step);
  const last = all[past.length]!;
  const same = JSON.stringify(placeOf(last)) === JSON.stringify(placeOf(here));
  return same ? past : [...past, { ...last, until: step }];
}

const placeOf = ({ versions, device, cores, executor }: Provenance): Provenance => ({
  versions,
  device,
  cores,
  executor,
});
