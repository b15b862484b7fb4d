import { randomKey } from "../../engine/index.ts";
import type { Discrepancy, EmpiricalMeasure, Estimate, MeasureContext } from "../discrepancy.ts";
import { initialHypothesis, trainedOn, trainingOf, trainingSettings } from "../generalization/trainedOn.ts";
import {
  choice,
  defineDiscrepancy,
  networkFor,
  oneSided,
  positive,
  type Sampled,
  sampled,
  wholeNumber,
} from "../measures/index.ts";
import type { Hypothesis } from "./hypothesis.ts";
import { modelAgnostic, modelSpecific } from "./readings.ts";
import { type Attack, pointwiseRobustLoss } from "./robustLoss.ts";
import { pointwiseLoss } from "./testLoss.ts";

const points = (value: number) =>
  wholeNumber(value, 0, "points of either set the loss is averaged over at most, 0 for all");
const trained = choice(1, "1 for a hypothesis trained on the first set, 0 for one as it is initialised");

const sidesOf = (a: EmpiricalMeasure, b: EmpiricalMeasure, { seed, settings }: MeasureContext): [Sampled, Sampled] => {
  const key = randomKey(seed).fold("evaluated points");
  return [sampled(a, settings.points!, key), sampled(b, settings.points!, key)];
};

const pointsText = (most: number) => (most === 0 ? "all points" : `at most ${most} points of either`);

/** The hypothesis of the model-specific discrepancies, and what to call it. */
async function hypothesisFor(a: EmpiricalMeasure, context: MeasureContext): Promise<[Hypothesis, string]> {
  const network = networkFor(a, context);
  if (context.settings.trained === 0)
    return [initialHypothesis(network, 0, context.seed), `random ${network.spec.name}`];
  const { steps, samples } = context.settings;
  return [
    await trainedOn(network, a, 0, trainingOf(context), context.signal),
    `${network.spec.name} trained on ${a.name}, ${steps} steps on at most ${samples} points`,
  ];
}

/** H: from every initialisation the untrained network and those trained on either measure; the same for (a, b) and (b, a). */
async function familyFor(a: EmpiricalMeasure, b: EmpiricalMeasure, context: MeasureContext): Promise<Hypothesis[]> {
  const network = networkFor(a, context);
  const family: Hypothesis[] = [];
  for (let i = 0; i < context.settings.initialisations!; i++) {
    family.push(initialHypothesis(network, i, context.seed));
    for (const measure of [a, b])
      family.push(await trainedOn(network, measure, i, trainingOf(context), context.signal));
  }
  return family;
}

async function agnostic(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  context: MeasureContext,
  reading: "sup" | "mean",
): Promise<Estimate> {
  const family = await familyFor(a, b, context);
  const found = (await modelAgnostic(pointwiseLoss, family, ...sidesOf(a, b, context)))[reading];
  const what = reading === "sup" ? "largest (a lower bound of the supremum)" : "mean";
  const { network } = family[0]!;
  const over = `${what} over ${family.length} ${network.spec.name}: random, trained on either set`;
  const value = reading === "sup" ? oneSided(found, "lower") : found;
  return { ...value, estimator: `${over}; ${pointsText(context.settings.points!)}` };
}

const familySettings = {
  initialisations: wholeNumber(
    3,
    1,
    "initialisations; each gives H an untrained network and one trained on either set",
  ),
  points: points(2000),
  ...trainingSettings,
};

/** Compare the loss of hypotheses on either measure (§2). */
export const criterionDiscrepancies: readonly Discrepancy[] = [
  defineDiscrepancy({
    name: "test-loss",
    title: "Model-specific discrepancy of the test loss",
    formula: "|φ(h, μ₁) − φ(h, μ₂)|, φ(h, μ) = E_μ ℓ(h(x), y)",
    reference: "§2, model-specific discrepancy",
    labelAware: true,
    needsImages: false,
    settings: { trained, points: points(2000), ...trainingSettings },
    async measure(a, b, context) {
      const [h, named] = await hypothesisFor(a, context);
      const reading = await modelSpecific(pointwiseLoss, h, ...sidesOf(a, b, context));
      return { ...reading, estimator: `${named}; ${pointsText(context.settings.points!)}` };
    },
  }),
  defineDiscrepancy({
    name: "robust-loss",
    title: "Model-specific discrepancy of the ε-robust loss",
    formula: "|φ_ε(h, μ₁) − φ_ε(h, μ₂)|, φ_ε(h, μ) = E_μ max_{‖δ‖≤ε} ℓ(h(x + δ), y)",
    reference: "§2, adversarial robustness",
    labelAware: true,
    needsImages: false,
    settings: {
      epsilon: positive(0.1, "radius of the ball, in standard deviations of a pixel"),
      l2: choice(0, "0 for the l∞ ball, 1 for the l2 ball"),
      ascent: wholeNumber(10, 1, "steps of projected gradient ascent, each of length 2.5 ε / steps"),
      trained,
      points: points(500),
      ...trainingSettings,
    },
    async measure(a, b, context) {
      const { epsilon, l2, ascent: steps, points: most } = context.settings as Record<string, number>;
      const attack: Attack = { epsilon: epsilon!, norm: l2 === 1 ? "l2" : "linf", steps: steps! };
      const criterion = pointwiseRobustLoss(attack, context.signal);
      const [h, named] = await hypothesisFor(a, context);
      const reading = await modelSpecific(criterion, h, ...sidesOf(a, b, context));
      const ball = `${attack.norm === "l2" ? "l2" : "l∞"} ball of radius ${epsilon}`;
      const search = `${steps} ascent steps of ${Number(((2.5 * epsilon!) / steps!).toPrecision(3))} in the ${ball}`;
      // An ascent finds no more than a part of each maximum, on either side: the error of sampling is all that is known.
      const stderr = reading.stderr > 0 ? reading.stderr : Number.NaN;
      return { value: reading.value, stderr, estimator: `${named}; ${search}; ${pointsText(most!)}` };
    },
  }),
  defineDiscrepancy({
    name: "model-agnostic",
    title: "Model-agnostic discrepancy, supremum",
    formula: "sup_{h ∈ H} |φ(h, μ₁) − φ(h, μ₂)|",
    reference: "§2, model-agnostic discrepancy",
    labelAware: true,
    needsImages: false,
    settings: familySettings,
    measure: (a, b, context) => agnostic(a, b, context, "sup"),
  }),
  defineDiscrepancy({
    name: "model-agnostic-mean",
    title: "Model-agnostic discrepancy, mean",
    formula: "E_{h ∈ H} |φ(h, μ₁) − φ(h, μ₂)|",
    reference: "§2, model-agnostic discrepancy",
    labelAware: true,
    needsImages: false,
    settings: familySettings,
    measure: (a, b, context) => agnostic(a, b, context, "mean"),
  }),
];
