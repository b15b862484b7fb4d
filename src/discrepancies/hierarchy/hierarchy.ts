import { type RandomKey, randomKey } from "../../engine/index.ts";
import { frequencies } from "../characteristic/index.ts";
import { type Hypothesis, outputs } from "../criterion/hypothesis.ts";
import type { EmpiricalMeasure, MeasureContext } from "../discrepancy.ts";
import { initialHypothesis, trainedOn } from "../generalization/trainedOn.ts";
import { checkClasses, checkMeasures, networkFor, rowsOf, sampled } from "../measures/index.ts";
import type { Bound } from "./bound.ts";
import {
  characteristicBounds,
  type GramMatrix,
  mmdBound,
  type TestFunction,
  type Wasserstein1,
  wassersteinBound,
} from "./distributionBounds.ts";
import { trainedBounds } from "./trainedBounds.ts";

export interface HierarchyOptions {
  /** Points of either measure at most: the bounds are statements about these; 200. */
  readonly points?: number;
  /** Common initialisations in H; 2. */
  readonly initialisations?: number;
  /** SGD steps of a training; 200. */
  readonly steps?: number;
  /** Frequencies of the characteristic discrepancy; 512. */
  readonly frequencies?: number;
  /** Given, MMD's bound is checked. */
  readonly gram?: GramMatrix;
  /** Given, W1's bounds are checked. */
  readonly wasserstein1?: Wasserstein1;
}

/**
 * The paper's hierarchy of discrepancies (§3) for one pair of measures: both sides of every inequality, on at most `points`
 * points of either. H holds, from every initialisation, the untrained network and the ones trained on either side; the test
 * function of the IPMs is the largest logit's margin over the mean logit of the first trained one. Lipschitz constants that
 * must be estimated, C and Lip(h), come from points that are not in the sample, C from other hypotheses as well; where a sample is
 * all there is, from the pair itself. `basis` of a bound says which: on finite measures with suprema over one finite H the others
 * are theorems, and one that does not hold is an error of the computation.
 *
 * @throws AttarError as the discrepancies do.
 */
export async function hierarchy(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  context: Pick<MeasureContext, "seed" | "network" | "signal">,
  options: HierarchyOptions = {},
): Promise<Bound[]> {
  checkMeasures(a, b);
  checkClasses(a, b);
  const { points = 200, initialisations = 2, steps = 200, frequencies: count = 512, gram, wasserstein1 } = options;
  const { seed, signal } = context;
  const key = randomKey(seed).fold("hierarchy");
  const [x, y] = [sampled(a, points, key).measure, sampled(b, points, key).measure];
  const network = networkFor(x, context);
  const family: Hypothesis[] = [];
  for (let i = 0; i < initialisations; i++) {
    for (const side of [x, y]) family.push(await trainedOn(network, side, i, { seed, steps, samples: points }, signal));
    family.push(initialHypothesis(network, i, seed));
  }
  const h = margin(family[0]!);
  const w1 = await wasserstein1?.(x, y);
  const at = frequencies(x, y, { count, scale: 1, seed });
  const rest = [remaining(a, points, key), remaining(b, points, key)].filter((one) => one !== undefined);
  const bounds = [...(await trainedBounds(x, y, family, rest)), ...(await characteristicBounds(x, y, at, w1))];
  if (gram) bounds.push(await mmdBound(x, y, h, gram));
  if (w1 !== undefined) bounds.push(await wassersteinBound(x, y, h, w1, rest));
  return bounds;
}

/**
 * Draws at most `most` points of a measure that are not in its sample of so many under the key; undefined where that has
 * them all.
 */
function remaining(measure: EmpiricalMeasure, most: number, key: RandomKey): EmpiricalMeasure | undefined {
  const count = measure.labels.length;
  const left = Math.min(most, count - most);
  if (most === 0 || left < 1) return undefined;
  const taken = new Set(key.permutation(count, most));
  const others = key
    .fold("held out")
    .permutation(count, most + left)
    .filter((row) => !taken.has(row));
  return rowsOf(measure, others.subarray(0, left));
}

/** Largest logit less the mean logit. */
const margin =
  (hypothesis: Hypothesis): TestFunction =>
  async (measure) => {
    const logits = await outputs(hypothesis, measure);
    const classes = logits.shape[1]!;
    return Float64Array.from({ length: measure.labels.length }, (_, i) => {
      const row = logits.data.subarray(i * classes, (i + 1) * classes);
      let [top, sum] = [Number.NEGATIVE_INFINITY, 0];
      for (let k = 0; k < classes; k++) {
        top = Math.max(top, row[k]!);
        sum += row[k]!;
      }
      return top - sum / classes;
    });
  };
