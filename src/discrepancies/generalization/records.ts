import { choice, flag, randomKey } from "../../engine/index.ts";
import type { Hypothesis } from "../criterion/hypothesis.ts";
import type { Reading } from "../criterion/readings.ts";
import {
  type Discrepancy,
  type EmpiricalMeasure,
  type Estimate,
  type MeasureContext,
  measured,
} from "../discrepancy.ts";
import { networkFor, oneSided, overRepeats, type Sampled, sampled, wholeNumber } from "../measures/index.ts";
import { featureDiscrepancy, generalizationDiscrepancy, parameterDiscrepancy, valueDiscrepancy } from "./readings.ts";
import { type Training, trainedOn, trainingOptions } from "./trainedOn.ts";

const initialisations = wholeNumber(3, 1, "common initialisations both sides are trained from");
const points = wholeNumber(2000, 0, "points of either set the hypotheses are compared on at most, 0 for all");

/** The values of the options that all three have; without points only parameters are compared. */
type Trained = Omit<Training, "seed"> & { readonly initialisations: number; readonly points?: number };
type Compare = (h: Hypothesis, g: Hypothesis, a: Sampled, b: Sampled) => Promise<Reading> | Reading;

/** Mean over common initialisations of a comparison of h*_a and h*_b. */
async function overInitialisations(
  [a, b]: readonly [EmpiricalMeasure, EmpiricalMeasure],
  { initialisations, points: most = 0, ...training }: Trained,
  context: MeasureContext,
  compare: Compare,
  what: string,
): Promise<Estimate> {
  const { seed, signal } = context;
  const network = networkFor(a, context);
  const key = randomKey(seed).fold("evaluated points");
  const [x, y] = [a, b].map((side) => sampled(side, most, key)) as [Sampled, Sampled];
  const readings: Reading[] = [];
  for (let i = 0; i < initialisations; i++) {
    const h = await trainedOn(network, a, i, { seed, ...training }, signal);
    const g = await trainedOn(network, b, i, { seed, ...training }, signal);
    readings.push(await compare(h, g, x, y));
  }
  const { name } = network.spec;
  const trained = `${initialisations} initialisations of ${name}, ${training.steps} steps on at most ${training.samples} points`;
  return { ...overRepeats(readings), estimator: `${what}${trained}, error over these alone` };
}

const onPoints = (most: number): string => (most === 0 ? "all points, " : `at most ${most} points of either, `);

const generalization = {
  title: "Generalization discrepancy",
  formula: "GD = |φ(h*_μ₂, μ₁) − φ(h*_μ₁, μ₁)|",
  reference: "§3, §5.1.1",
  options: {},
  measured: measured({
    labelAware: true,
    needsImages: false,
    options: { initialisations, points, ...trainingOptions },
    measure: (a, b, options, context) =>
      overInitialisations(
        [a, b],
        options,
        context,
        (h, g, target) => generalizationDiscrepancy(target, h, g),
        onPoints(options.points),
      ),
  }),
} satisfies Discrepancy;

const value = {
  title: "Value discrepancy",
  formula: "VD = ‖h*_μ₁ − h*_μ₂‖",
  reference: "§3, §5.1.2",
  options: {},
  measured: measured({
    labelAware: true,
    needsImages: false,
    options: {
      initialisations,
      points,
      norm: choice("sup", ["sup", "mean"], "the sup norm over the points of both sets, or the mean norm"),
      features: flag(false, "whether the features before the last layer are compared, or outputs"),
      ...trainingOptions,
    },
    async measure(a, b, { norm, features, ...options }, context) {
      const averaged = norm === "mean";
      const compare = features ? featureDiscrepancy : valueDiscrepancy;
      const estimate = await overInitialisations(
        [a, b],
        options,
        context,
        async (h, g, x, y) => {
          const { sup, mean } = await compare([x, y], h, g);
          return averaged ? mean : { value: sup, stderr: 0 };
        },
        `${averaged ? "mean norm" : "sup norm, a lower bound,"} over ${onPoints(options.points)}`,
      );
      return averaged ? estimate : { ...estimate, ...oneSided(estimate, "lower") };
    },
  }),
} satisfies Discrepancy;

const parameter = {
  title: "Parameter discrepancy",
  formula: "PD = ‖θ*_μ₁ − θ*_μ₂‖₂",
  reference: "§3, §5.1.3",
  options: {},
  measured: measured({
    labelAware: true,
    needsImages: false,
    options: { initialisations, ...trainingOptions },
    measure: (a, b, options, context) =>
      overInitialisations([a, b], options, context, (h, g) => ({ value: parameterDiscrepancy(h, g), stderr: 0 }), ""),
  }),
} satisfies Discrepancy;

/** The discrepancies of what training on either measure leads to (§3, §5.1.1 to §5.1.3). */
export const generalizationDiscrepancies = { generalization, value, parameter };
