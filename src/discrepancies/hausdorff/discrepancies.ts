import { randomKey, tensor } from "../../engine/index.ts";
import type { Discrepancy } from "../discrepancy.ts";
import { oneSided } from "../measures/index.ts";
import { choose, comparable, type PointMeasure, type WeightedPoints } from "../wasserstein/ground/weightedPoints.ts";
import { minimumCovering } from "./covering.ts";
import { directedHausdorff, hausdorffDistance } from "./directed.ts";

const hausdorff: Discrepancy = {
  name: "hausdorff",
  title: "Hausdorff distance",
  formula: "d_H(T, S) = max{max_i min_j ‖x_i − x̃_j‖₂, max_j min_i ‖x̃_j − x_i‖₂}",
  reference: "§5.1.4, minimum finite covering",
  labelAware: false,
  needsImages: false,
  settings: {},
  measure: async (a, b, { signal }) => ({
    value: await hausdorffDistance(a, b, { signal }),
    stderr: 0,
    estimator: "exact",
  }),
};

const directed: Discrepancy = {
  name: "hausdorff-directed",
  title: "Directed Hausdorff distance",
  formula: "max_i min_j ‖x_i − x̃_j‖₂, from the first set to the second",
  reference: "§5.1.4, minimum finite covering",
  labelAware: false,
  needsImages: false,
  settings: {},
  measure: async (a, b, { signal }) => ({
    value: (await directedHausdorff(a, b, { signal })).value,
    stderr: 0,
    estimator: "exact",
  }),
};

/** Centres among which a covering chooses at most: what a mixed-integer programme can take. */
const candidates = 2000;

const covering: Discrepancy = {
  name: "covering",
  title: "Minimum finite covering",
  formula: "min over k points of the second set of max_i min_j ‖x_i − x̃_j‖₂",
  reference: "§5.1.4, minimum finite covering",
  labelAware: false,
  needsImages: false,
  settings: {
    k: {
      default: 10,
      meaning: "balls that cover the first set, with centres in the second",
      takes: "a whole number of at least 1",
      accepts: (k) => Number.isSafeInteger(k) && k >= 1,
    },
    covers: {
      default: 60,
      meaning: "mixed-integer programmes that are solved at most, each of ten nodes; 0 for the greedy covering",
      takes: "a whole number of at least 0",
      accepts: (covers) => Number.isSafeInteger(covers) && covers >= 0,
    },
  },
  async measure(a, b, { seed, settings, signal }) {
    const { k, covers } = settings as Record<"k" | "covers", number>;
    const [x, y] = comparable(a, b);
    const whole = y.count <= candidates;
    const key = randomKey(seed).fold("covering");
    const offered = whole ? y : choose(y, key.permutation(y.count, candidates));
    const options = { covers, ...(signal && { signal }) };
    const found = await minimumCovering(flat(x), flat(offered), Math.min(k, offered.count), options);
    const bound = found.radius === found.atLeast ? "optimal" : `at least ${found.atLeast.toPrecision(4)}`;
    const among = `${candidates.toLocaleString("en")} of ${y.count.toLocaleString("en")} points`;
    const proven = whole && found.radius === found.atLeast;
    const value = { value: found.radius, stderr: 0 };
    return {
      ...(proven ? value : oneSided(value, "upper")),
      estimator: whole ? bound : `${bound}, with centres among ${among}`,
    };
  },
};

const flat = ({ data, count, dimension, weights, name }: WeightedPoints): PointMeasure => ({
  points: tensor(data, [count, dimension]),
  weights,
  name,
});

/** Covering distances, as `attar measure` lists them. */
export const hausdorffDiscrepancies: readonly Discrepancy[] = [hausdorff, directed, covering];
