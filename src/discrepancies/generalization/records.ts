import { randomKey } from "../../engine/index.ts";
import type { Hypothesis } from "../criterion/hypothesis.ts";
import type { Reading } from "../criterion/readings.ts";
import type { Discrepancy, EmpiricalMeasure, Estimate, MeasureContext } from "../discrepancy.ts";
import {
  choice,
  defineDiscrepancy,
  networkFor,
  oneSided,
  overRepeats,
  type Sampled,
  sampled,
  wholeNumber,
} from "../measures/index.ts";
import {
  featureDiscrepancy,
  generalizationDiscrepancy,
  parameterDiscrepancy,
  valueDiscrepancy,
} from "./discrepancies.ts";
import { trainedOn, trainingOf, trainingSettings } from "./trainedOn.ts";

const initialisations = wholeNumber(3, 1, "common initialisations both sides are trained from");
const points = wholeNumber(2000, 0, "points of either set the hypotheses are compared on at most, 0 for all");

type Compare = (h: Hypothesis, g: Hypothesis, a: Sampled, b: Sampled) => Promise<Reading> | Reading;

/** Mean over common initialisations of a comparison of h*_a and h*_b. */
async function overInitialisations(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  context: MeasureContext,
  compare: Compare,
  what: string,
): Promise<Estimate> {
  const { settings, seed, signal } = context;
  const network = networkFor(a, context);
  const training = trainingOf(context);
  const key = randomKey(seed).fold("evaluated points");
  const [x, y] = [a, b].map((side) => sampled(side, settings.points ?? 0, key)) as [Sampled, Sampled];
  const readings: Reading[] = [];
  for (let i = 0; i < settings.initialisations!; i++) {
    const h = await trainedOn(network, a, i, training, signal);
    const g = await trainedOn(network, b, i, training, signal);
    readings.push(await compare(h, g, x, y));
  }
  const { name } = network.spec;
  const trained = `${settings.initialisations} initialisations of ${name}, ${training.steps} steps on at most ${training.samples} points`;
  return { ...overRepeats(readings), estimator: `${what}${trained}, error over these alone` };
}

const onPoints = ({ points: most }: Readonly<Record<string, number>>): string =>
  most === 0 ? "all points, " : `at most ${most} points of either, `;

/** Compare what training on either measure leads to (§3, §5.1.1 to §5.1.3). */
export const generalizationDiscrepancies: readonly Discrepancy[] = [
  defineDiscrepancy({
    name: "generalization",
    title: "Generalization discrepancy",
    formula: "GD = |φ(h*_μ₂, μ₁) − φ(h*_μ₁, μ₁)|",
    reference: "§3, §5.1.1",
    labelAware: true,
    needsImages: false,
    settings: { initialisations, points, ...trainingSettings },
    measure: (a, b, context) =>
      overInitialisations(
        a,
        b,
        context,
        (h, g, target) => generalizationDiscrepancy(target, h, g),
        onPoints(context.settings),
      ),
  }),
  defineDiscrepancy({
    name: "value",
    title: "Value discrepancy",
    formula: "VD = ‖h*_μ₁ − h*_μ₂‖",
    reference: "§3, §5.1.2",
    labelAware: true,
    needsImages: false,
    settings: {
      initialisations,
      points,
      mean: choice(0, "0 for the sup norm over the points of both sets, 1 for the mean norm"),
      features: choice(0, "0 compares outputs, 1 the features before the last layer"),
      ...trainingSettings,
    },
    async measure(a, b, context) {
      const averaged = context.settings.mean === 1;
      const compare = context.settings.features === 1 ? featureDiscrepancy : valueDiscrepancy;
      const estimate = await overInitialisations(
        a,
        b,
        context,
        async (h, g, x, y) => {
          const { sup, mean } = await compare([x, y], h, g);
          return averaged ? mean : { value: sup, stderr: 0 };
        },
        `${averaged ? "mean norm" : "sup norm, a lower bound,"} over ${onPoints(context.settings)}`,
      );
      return averaged ? estimate : { ...estimate, ...oneSided(estimate, "lower") };
    },
  }),
  defineDiscrepancy({
    name: "parameter",
    title: "Parameter discrepancy",
    formula: "PD = ‖θ*_μ₁ − θ*_μ₂‖₂",
    reference: "§3, §5.1.3",
    labelAware: true,
    needsImages: false,
    settings: { initialisations, ...trainingSettings },
    measure: (a, b, context) =>
      overInitialisations(a, b, context, (h, g) => ({ value: parameterDiscrepancy(h, g), stderr: 0 }), ""),
  }),
];
