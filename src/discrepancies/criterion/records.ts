import { choice, flag, randomKey } from "../../engine/index.ts";
import { type Discrepancy, type EmpiricalMeasure, type MeasureContext, measured } from "../discrepancy.ts";
import { initialHypothesis, type Training, trainedOn, trainingOptions } from "../generalization/trainedOn.ts";
import { networkFor, oneSided, positive, type Sampled, sampled, wholeNumber } from "../measures/index.ts";
import type { Hypothesis } from "./hypothesis.ts";
import { modelAgnostic, modelSpecific } from "./readings.ts";
import { pointwiseRobustLoss } from "./robustLoss.ts";
import { pointwiseLoss } from "./testLoss.ts";

const points = (value: number) =>
  wholeNumber(value, 0, "points of either set the loss is averaged over at most, 0 for all");
const trained = flag(true, "whether the hypothesis is trained on the first set, or as it is initialised");

const sidesOf = (a: EmpiricalMeasure, b: EmpiricalMeasure, most: number, seed: number): [Sampled, Sampled] => {
  const key = randomKey(seed).fold("evaluated points");
  return [sampled(a, most, key), sampled(b, most, key)];
};

const pointsText = (most: number) => (most === 0 ? "all points" : `at most ${most} points of either`);

type TrainedBy = Omit<Training, "seed">;

/** The hypothesis of the model-specific discrepancies, and what to call it. */
async function hypothesisFor(
  a: EmpiricalMeasure,
  { trained, steps, samples, rate }: TrainedBy & { readonly trained: boolean },
  context: MeasureContext,
): Promise<[Hypothesis, string]> {
  const network = networkFor(a, context);
  const { seed, signal } = context;
  if (!trained) return [initialHypothesis(network, 0, seed), `random ${network.spec.name}`];
  return [
    await trainedOn(network, a, 0, { seed, steps, samples, rate }, signal),
    `${network.spec.name} trained on ${a.name}, ${steps} steps on at most ${samples} points`,
  ];
}

/** H: from every initialisation the untrained network and those trained on either measure; the same for (a, b) and (b, a). */
async function familyFor(
  sides: readonly EmpiricalMeasure[],
  { initialisations, ...training }: TrainedBy & { readonly initialisations: number },
  context: MeasureContext,
): Promise<Hypothesis[]> {
  const network = networkFor(sides[0]!, context);
  const { seed, signal } = context;
  const family: Hypothesis[] = [];
  for (let i = 0; i < initialisations; i++) {
    family.push(initialHypothesis(network, i, seed));
    for (const measure of sides) family.push(await trainedOn(network, measure, i, { seed, ...training }, signal));
  }
  return family;
}

const testLoss = {
  title: "Model-specific discrepancy of the test loss",
  formula: "|φ(h, μ₁) − φ(h, μ₂)|, φ(h, μ) = E_μ ℓ(h(x), y)",
  reference: "§2, model-specific discrepancy",
  options: {},
  measured: measured({
    labelAware: true,
    needsImages: false,
    options: { trained, points: points(2000), ...trainingOptions },
    async measure(a, b, { points: most, ...options }, context) {
      const [h, named] = await hypothesisFor(a, options, context);
      const reading = await modelSpecific(pointwiseLoss, h, ...sidesOf(a, b, most, context.seed));
      return { ...reading, estimator: `${named}; ${pointsText(most)}` };
    },
  }),
} satisfies Discrepancy;

const robustLoss = {
  title: "Model-specific discrepancy of the ε-robust loss",
  formula: "|φ_ε(h, μ₁) − φ_ε(h, μ₂)|, φ_ε(h, μ) = E_μ max_{‖δ‖≤ε} ℓ(h(x + δ), y)",
  reference: "§2, adversarial robustness",
  options: {},
  measured: measured({
    labelAware: true,
    needsImages: false,
    options: {
      epsilon: positive(0.1, "radius of the ball, in standard deviations of a pixel"),
      norm: choice("linf", ["linf", "l2"], "norm of the ball: l∞ or l2"),
      ascent: wholeNumber(10, 1, "steps of projected gradient ascent, each of length 2.5 ε / steps"),
      trained,
      points: points(500),
      ...trainingOptions,
    },
    async measure(a, b, { epsilon, norm, ascent: steps, points: most, ...options }, context) {
      const criterion = pointwiseRobustLoss({ epsilon, norm, steps }, context.signal);
      const [h, named] = await hypothesisFor(a, options, context);
      const reading = await modelSpecific(criterion, h, ...sidesOf(a, b, most, context.seed));
      const ball = `${norm === "l2" ? "l2" : "l∞"} ball of radius ${epsilon}`;
      const search = `${steps} ascent steps of ${Number(((2.5 * epsilon) / steps).toPrecision(3))} in the ${ball}`;
      // An ascent finds no more than a part of each maximum, on either side: the error of sampling is all that is known.
      const stderr = reading.stderr > 0 ? reading.stderr : Number.NaN;
      return { value: reading.value, stderr, estimator: `${named}; ${search}; ${pointsText(most)}` };
    },
  }),
} satisfies Discrepancy;

/** The loss of a whole family of hypotheses on either measure (§2): its largest difference, or the mean one. */
const agnostic = (reading: "sup" | "mean") =>
  measured({
    labelAware: true,
    needsImages: false,
    options: {
      initialisations: wholeNumber(
        3,
        1,
        "initialisations; each gives H an untrained network and one trained on either set",
      ),
      points: points(2000),
      ...trainingOptions,
    },
    async measure(a, b, { points: most, ...options }, context) {
      const family = await familyFor([a, b], options, context);
      const found = (await modelAgnostic(pointwiseLoss, family, ...sidesOf(a, b, most, context.seed)))[reading];
      const what = reading === "sup" ? "largest (a lower bound of the supremum)" : "mean";
      const { network } = family[0]!;
      const over = `${what} over ${family.length} ${network.spec.name}: random, trained on either set`;
      const value = reading === "sup" ? oneSided(found, "lower") : found;
      return { ...value, estimator: `${over}; ${pointsText(most)}` };
    },
  });

const modelAgnosticSup = {
  title: "Model-agnostic discrepancy, supremum",
  formula: "sup_{h ∈ H} |φ(h, μ₁) − φ(h, μ₂)|",
  reference: "§2, model-agnostic discrepancy",
  options: {},
  measured: agnostic("sup"),
} satisfies Discrepancy;

const modelAgnosticMean = {
  title: "Model-agnostic discrepancy, mean",
  formula: "E_{h ∈ H} |φ(h, μ₁) − φ(h, μ₂)|",
  reference: "§2, model-agnostic discrepancy",
  options: {},
  measured: agnostic("mean"),
} satisfies Discrepancy;

/** The loss of hypotheses on either measure, compared (§2). */
export const criterionDiscrepancies = {
  "test-loss": testLoss,
  "robust-loss": robustLoss,
  "model-agnostic": modelAgnosticSup,
  "model-agnostic-mean": modelAgnosticMean,
};
