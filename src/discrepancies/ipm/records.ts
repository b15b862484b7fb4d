import { flag, type Resolved, randomKey } from "../../engine/index.ts";
import { type Discrepancy, type EmpiricalMeasure, type MeasureContext, measured } from "../discrepancy.ts";
import { trainedOn, trainingOptions } from "../generalization/trainedOn.ts";
import { distanceOfMeans, networkFor, networkOf, oneSided, positive, sampled, wholeNumber } from "../measures/index.ts";
import { criticDiscrepancy } from "./criticDiscrepancy.ts";
import { meanFeatures } from "./meanFeatures.ts";

const options = {
  networks: wholeNumber(5, 1, "networks whose features are compared; the largest distance counts"),
  points: wholeNumber(2000, 0, "points of either set in the mean features at most, 0 for all"),
  trained: flag(false, "whether networks are trained on either set (then labels enter), or random"),
  ...trainingOptions,
};

/** The feature extractors: random networks, or networks trained on either set. */
async function extractors(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  { networks, trained, ...training }: Resolved<typeof options>,
  context: MeasureContext,
) {
  const { seed, signal } = context;
  const network = networkFor(a, context);
  const root = randomKey(seed).fold("ipm");
  if (!trained) return Array.from({ length: networks }, (_, k) => ({ network, params: network.init(root.fold(k)) }));
  const all = [];
  for (let k = 0; k < networks; k++)
    for (const side of [a, b]) all.push(await trainedOn(network, side, k, { seed, ...training }, signal));
  return all;
}

/** The IPM over linear functions of network features (§2). */
export const ipm = {
  title: "IPM over linear functions of network features",
  formula: "max_θ sup_{‖w‖₂ ≤ 1} |E_μ₁⟨w, ψ_θ⟩ − E_μ₂⟨w, ψ_θ⟩| = max_θ ‖E_μ₁ψ_θ − E_μ₂ψ_θ‖₂",
  reference: "§2, IPM; §5.1.4, distribution matching",
  options: {},
  measured: measured({
    labelAware: false,
    needsImages: false,
    options,
    async measure(a, b, values, context) {
      const { points, trained } = values;
      const key = randomKey(context.seed).fold("evaluated points");
      const [x, y] = [sampled(a, points, key), sampled(b, points, key)];
      let best = { value: -1, stderr: 0 };
      const all = await extractors(a, b, values, context);
      for (const { network, params } of all) {
        const means = [
          await meanFeatures(network, params, x, context.signal),
          await meanFeatures(network, params, y, context.signal),
        ] as const;
        const distance = distanceOfMeans(...means);
        if (distance.value > best.value) best = distance;
      }
      const sampledText = x.share < 1 || y.share < 1 ? `at most ${points} points, bias removed` : "all points";
      const of = `${all.length} ${trained ? "trained" : "random"} ${all[0]!.network.spec.name}`;
      const estimator = `largest over ${of} (a lower bound of the maximum); ${sampledText}`;
      return { ...oneSided(best, "lower"), estimator };
    },
  }),
} satisfies Discrepancy;

/** The IPM over networks bounded by 1 (§2). */
export const ipmCritic = {
  title: "IPM over bounded networks, by a trained critic",
  formula: "sup_θ |E_μ₁ tanh f_θ − E_μ₂ tanh f_θ|",
  reference: "§2, IPM",
  options: {},
  measured: measured({
    labelAware: false,
    needsImages: false,
    options: {
      points: wholeNumber(2000, 2, "points of either set at most; half of them train, half are held out"),
      steps: wholeNumber(100, 1, "Adam steps of a critic; two critics are trained"),
      batch: wholeNumber(32, 1, "points of either set a step"),
      rate: positive(0.001, "learning rate"),
    },
    async measure(a, b, { points, steps, batch, rate: learningRate }, context) {
      const key = randomKey(context.seed).fold("critic");
      const base = networkFor(a, context);
      const network = networkOf(base.spec, base.input, 1);
      const [x, y] = [sampled(a, points, key), sampled(b, points, key)];
      const training = { steps, batch, learningRate };
      const reading = await criticDiscrepancy(network, x.measure, y.measure, training, key, context.signal);
      return {
        ...oneSided(reading, "lower"),
        estimator: `tanh of ${network.spec.name}, ${steps} steps, read on held-out halves of at most ${points} points: a lower bound`,
      };
    },
  }),
} satisfies Discrepancy;
