import type { MembershipAttack, SetSpace } from "./attack.ts";
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

/** Members lie nearer to the set: the distance to the nearest of its samples. A reading; not small is no privacy. */
const near = (name: string, sees: SetSpace, where: string): MembershipAttack => ({
  name,
  title: `distance to the nearest sample of the set, ${where}`,
  sees,
  scores: ({ distances }, target) => distances[sees][target]!.map((d) => -d),
});

/** The same less what is usual for the sample: its mean distance to sets without it. */
const calibratedNear = (name: string, sees: SetSpace, where: string): MembershipAttack => ({
  name,
  title: `distance to the nearest sample of the set, ${where}, less what is usual for the sample`,
  sees,
  scores: ({ distances, members }, target, references) =>
    distances[sees][target]!.map((d, i) => usual(distances[sees], members, references, i) - d),
});

const codes = "in codes of random networks";
const structure = "by structural similarity";

export const distance = near("distance", "pixels", "in pixels");
export const calibratedDistance = calibratedNear("calibrated-distance", "pixels", "in pixels");
export const embeddingDistance = near("embedding-distance", "embedding", codes);
export const calibratedEmbeddingDistance = calibratedNear("calibrated-embedding-distance", "embedding", codes);
export const ssimDistance = near("ssim-distance", "structure", structure);
export const calibratedSsimDistance = calibratedNear("calibrated-ssim-distance", "structure", structure);
