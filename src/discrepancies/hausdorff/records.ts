import { integer, randomKey, tensor, work } from "../../engine/index.ts";
import { type Discrepancy, measured } from "../discrepancy.ts";
import { oneSided } from "../measures/index.ts";
import { choose, comparable, type PointMeasure, type WeightedPoints } from "../wasserstein/ground/weightedPoints.ts";
import { minimumCovering } from "./covering.ts";
import { directedHausdorff, hausdorffDistance } from "./directed.ts";
import { tracedHausdorff } from "./traced.ts";

const traits = { labelAware: false, needsImages: false };
const reference = "§5.1.4, minimum finite covering";

const hausdorff = {
  title: "Hausdorff distance",
  formula: "d_H(T, S) = max{max_i min_j ‖x_i − x̃_j‖₂, max_j min_i ‖x̃_j − x_i‖₂}",
  reference,
  citation: work(
    "T. Chen and R. Selvan",
    2025,
    "Is adversarial training with compressed datasets effective?",
    "Image Analysis",
  ),
  options: {},
  traced: tracedHausdorff,
  measured: measured({
    ...traits,
    options: {},
    measure: async (a, b, _, { signal }) => ({
      value: await hausdorffDistance(a, b, { signal }),
      stderr: 0,
      estimator: "exact",
    }),
  }),
} satisfies Discrepancy;

const directed = {
  title: "Directed Hausdorff distance",
  formula: "max_i min_j ‖x_i − x̃_j‖₂, from the first set to the second",
  reference,
  options: {},
  measured: measured({
    ...traits,
    options: {},
    measure: async (a, b, _, { signal }) => ({
      value: (await directedHausdorff(a, b, { signal })).value,
      stderr: 0,
      estimator: "exact",
    }),
  }),
} satisfies Discrepancy;

/** Centres among which a covering chooses at most: what a mixed-integer programme can take. */
const candidates = 2000;

const covering = {
  title: "Minimum finite covering",
  formula: "min over k points of the second set of max_i min_j ‖x_i − x̃_j‖₂",
  reference,
  options: {},
  measured: measured({
    ...traits,
    options: {
      k: integer(10, 1, undefined, "balls that cover the first set, with centres in the second"),
      covers: integer(
        60,
        0,
        undefined,
        "mixed-integer programmes that are solved at most, each of ten nodes; 0 for the greedy covering",
      ),
    },
    async measure(a, b, { k, covers }, { seed, signal }) {
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
  }),
} satisfies Discrepancy;

const flat = ({ data, count, dimension, weights, name }: WeightedPoints): PointMeasure => ({
  points: tensor(data, [count, dimension]),
  weights,
  name,
});

/** Covering distances, by name. */
export const hausdorffDiscrepancies = { hausdorff, "hausdorff-directed": directed, covering };
