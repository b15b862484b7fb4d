import type { MembershipAttack } from "./attack.ts";
import { meanOf, sidesOf } from "./sides.ts";

/** Members have a lower loss (Yeom et al. 2018): every threshold of φ, which falls as the loss grows. */
export const loss: MembershipAttack = {
  name: "loss",
  title: "a threshold of the loss (Yeom et al.)",
  sees: "networks",
  scores: ({ confidences }, target) => confidences[target]!.slice(),
};

/** The same less what is usual for the sample: its mean φ under models without it. */
export const calibrated: MembershipAttack = {
  name: "calibrated",
  title: "a threshold of the loss less what is usual for the sample",
  sees: "networks",
  scores: ({ confidences, members }, target, references) =>
    confidences[target]!.map((x, i) => x - usual(confidences, members, references, i)),
};

/** The mean of a sample's values under models without it; under all where it was in each. */
function usual(
  values: readonly Float64Array[],
  members: readonly Uint8Array[],
  references: readonly number[],
  i: number,
): number {
  const { within, without } = sidesOf(values, members, references, i);
  return meanOf(without.length > 0 ? without : within);
}

/** Members lie nearer to the set: the distance in pixels to the nearest of its samples. A reading; not small is no privacy. */
export const distance: MembershipAttack = {
  name: "distance",
  title: "distance to the nearest sample of the set",
  sees: "set",
  scores: ({ distances }, target) => distances[target]!.map((d) => -d),
};

/** The same less what is usual for the sample: its mean distance to sets without it. */
export const calibratedDistance: MembershipAttack = {
  name: "calibrated-distance",
  title: "distance to the nearest sample of the set, less what is usual for the sample",
  sees: "set",
  scores: ({ distances, members }, target, references) =>
    distances[target]!.map((d, i) => usual(distances, members, references, i) - d),
};
