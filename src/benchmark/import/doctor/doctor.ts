import type { Dataset, Normalisation } from "../../../data/dataset.ts";
import type { Runtime } from "../../../engine/index.ts";
import type { ForeignSet, Space } from "../foreignSet.ts";
import type { Layout } from "../layouts/layout.ts";
import { asPixels, fromPixels, plainUnits, whitenedUnits } from "../units.ts";
import { type Agreement, agreementOf } from "./agreement.ts";
import type { Classifier } from "./classifier.ts";
import { type Nearest, nearestOf } from "./nearest.ts";
import { realSpread, spreadOf, type ValueSpread } from "./valueRange.ts";

/** What is wrong, in a sentence, and the option that mends it. */
export interface Finding {
  readonly what: string;
  readonly option?: string;
}

/** What a look at a set told. JSON-serialisable. */
export interface Diagnosis {
  /** Values as networks see them, of the set as it was taken and of the dataset. */
  readonly values: ValueSpread;
  readonly real: ValueSpread;
  /** The share of labels that a network trained on real images gives, too, and its own accuracy on real ones. */
  readonly agreement: number;
  readonly classifierAccuracy: number;
  readonly nearest: Nearest;
  readonly findings: readonly Finding[];
}

export interface DoctorOptions {
  readonly space: Space;
  /** The units that the set was taken in. */
  readonly units: Normalisation;
  readonly layout: Layout;
  readonly runtime: Runtime;
  readonly seed?: number;
}

/** Flattened pixels up to which whitening is fitted just to be tried; above it takes minutes, and labels must give reason to. */
const quicklyWhitened = 784;

/** A set as it looks in some units: how well labels agree, and how far values are from real ones. */
interface View {
  readonly space: Space;
  readonly agreement: Agreement;
  readonly misfit: number;
}

/**
 * Looks at a set that was made elsewhere: the range of its values, its labels as a network trained on real images has them, real images
 * next to its own. It tries other units and other orders of classes, and names what explains the set better.
 */
export async function examine(
  set: ForeignSet,
  dataset: Dataset,
  classifier: Classifier,
  { space, units, layout, runtime, seed }: DoctorOptions,
): Promise<Diagnosis> {
  const plain = plainUnits(dataset);
  const plane = dataset.shape[1] * dataset.shape[2];
  const real = await realSpread(dataset);
  const seenAs = (asked: Space, own: Normalisation) =>
    fromPixels(asPixels(set.images, asked, own, plane), plain, plane);
  const viewed = async (asked: Space, images: Float32Array): Promise<View> => ({
    space: asked,
    agreement: agreementOf(set.labels, await classifier.predict(images), dataset.classes.length),
    misfit: misfitOf(spreadOf(images), real),
  });
  const seen = seenAs(space, units);
  const own = await viewed(space, seen);
  const few = own.agreement.share < classifier.accuracy / 2;
  const views = [own];
  for (const other of ["normalised", "pixels"] as const)
    if (other !== space) views.push(await viewed(other, seenAs(other, plain)));
  if (space !== "zca" && (plane * dataset.shape[0] <= quicklyWhitened || few))
    views.push(await viewed("zca", seenAs("zca", await runtime.throughout(() => whitenedUnits(dataset, layout)))));
  const best = views.reduce((a, b) => (score(b) > score(a) + margin ? b : a));
  const findings: Finding[] = [];
  if (best !== own)
    findings.push({
      what: `the images look like ${words[best.space]} and not like ${words[space]}: taken so, ${percent(best.agreement.share)} of the labels agree, and now ${percent(own.agreement.share)}`,
      option: `--space ${best.space}`,
    });
  const values = spreadOf(seen);
  if (best === own && own.misfit > 1.5) findings.push({ what: oddness(values, real) });
  findings.push(...orderOf(best.agreement, classifier.accuracy, dataset.name));
  const nearest = await nearestOf(seen, dataset, seed);
  if (nearest.copies > 0)
    findings.push({ what: `${nearest.copies} of ${nearest.asked} images are training images of ${dataset.name}` });
  return {
    values,
    real,
    agreement: own.agreement.share,
    classifierAccuracy: classifier.accuracy,
    nearest,
    findings,
  };
}

/** What is said of labels that do not agree: the order of classes that explains it, if one does. */
function orderOf({ share, order, reordered }: Agreement, accuracy: number, name: string): Finding[] {
  if (share >= accuracy / 2) return [];
  const explained = reordered >= 0.7 * accuracy && reordered >= share + 0.25;
  if (explained)
    return [
      {
        what: `permuted? ${percent(share)} of the labels agree with a network trained on ${name}, and ${percent(reordered)} in another order of classes`,
        option: `--order ${order.join(",")}`,
      },
    ];
  return [
    {
      what: `${percent(share)} of the labels agree with a network trained on ${name}, which is right of ${percent(accuracy)} of real images, and no order of classes explains it`,
    },
  ];
}

/** How far the spread and the mean of values are from real ones: 0 where they are alike. */
const misfitOf = (values: ValueSpread, real: ValueSpread): number =>
  Math.abs(Math.log(Math.max(1e-6, values.deviation / real.deviation))) +
  Math.abs(values.mean - real.mean) / real.deviation;

/** Labels say the most; values that are not like real ones count as a quarter of the labels at most. */
const score = ({ agreement, misfit }: View): number => agreement.reordered - Math.min(1, misfit) / 4;
/** What other units must explain better before they are named. */
const margin = 0.1;

const words: Readonly<Record<Space, string>> = {
  normalised: "normalised ones",
  pixels: "pixels of 0 to 1",
  zca: "whitened ones",
};

const oddness = (values: ValueSpread, real: ValueSpread): string =>
  `values have mean ${short(values.mean)} and deviation ${short(values.deviation)}, those of the dataset ${short(real.mean)} and ${short(real.deviation)}`;

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const short = (value: number) => String(Number(value.toPrecision(2)));
