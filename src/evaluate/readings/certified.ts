import { networkVictim } from "../../attacks/index.ts";
import { integer, number, type RandomKey } from "../../engine/index.ts";
import { attackPoints } from "./attackPoints.ts";
import { certifiedRadius } from "./cohen.ts";
import type { Reading } from "./reading.ts";

const options = {
  noise: number(0.25, 1e-6, undefined, "deviation of the normal noise, in pixels from black at 0 to white at 1"),
  radius: number(0.25, 0, undefined, "in L2, within which the class has to be certain"),
  images: integer(200, 1, undefined, "test images, the same for all networks"),
  first: integer(100, 1, undefined, "noisy copies that choose the class"),
  copies: integer(1000, 1, 1_000_000, "noisy copies that bound its share"),
  alpha: number(0.001, 1e-12, 0.5, "probability that a radius is wrong"),
};

/**
 * Certified accuracy of the network smoothed by noise (randomised smoothing, Cohen et al. 2019): the share of images whose class is
 * right and certain within a radius, with probability 1 − alpha each. `right` is the share that is right at any radius,
 * `abstained` the share of which nothing is certain. A lower bound, where attacks give an upper one.
 */
export const certified = {
  name: "certified",
  title: "certified accuracy of the network smoothed by noise, within a radius in L2",
  options,
  unit: "fraction",
  better: "higher",
  target: "classes",
  needsLogits: false,
  needsWeights: true,
  names: () => ["certified", "right", "abstained"],
  async of({ weights }, { dataset, signal }, { noise, radius, images, first, copies, alpha }, key) {
    const points = attackPoints(dataset, images);
    const victim = networkVictim(weights!, dataset.normalisation);
    const n = points.labels.length;
    const d = points.images.length / n;
    const votes = async (image: Float64Array, count: number, own: RandomKey): Promise<Uint32Array> => {
      const drawn = own.normal(count * d);
      const logits = await victim.logits(Float64Array.from(drawn, (v, j) => image[j % d]! + noise * v));
      const found = new Uint32Array(victim.classes);
      for (let i = 0; i < count; i++)
        found[largest(logits.subarray(i * victim.classes, (i + 1) * victim.classes))]! += 1;
      return found;
    };
    const counts = { certified: 0, right: 0, abstained: 0 };
    for (let i = 0; i < n; i++) {
      signal?.throwIfAborted();
      const image = points.images.subarray(i * d, (i + 1) * d);
      const own = key.fold(points.ids[i]!);
      const chosen = largest(await votes(image, first, own.fold("first")));
      const hits = (await votes(image, copies, own.fold("copies")))[chosen]!;
      const certain = certifiedRadius(hits, copies, noise, alpha);
      if (certain === undefined) counts.abstained++;
      else if (chosen === points.labels[i]) {
        counts.right++;
        if (certain >= radius) counts.certified++;
      }
    }
    return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / n]));
  },
} satisfies Reading<typeof options>;

/** The position of the largest entry. */
function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[most]!) most = k;
  return most;
}
