import { nn, type Array as Traced } from "@jax-js/jax";
import type { DatasetFacts, RealReader } from "../data/reader.ts";
import { squaredDistance } from "../discrepancies/squaredDistance.ts";
import {
  AttarError,
  choice,
  flag,
  integer,
  number,
  type OptionRules,
  type Resolved,
  size,
  Tensor,
  text,
  unsaid,
  zeros,
} from "../engine/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";

/** The options of the labels of S: their form, and whether they are learned. */
export const labelOptions = {
  learned: flag(false, "whether labels are learned"),
  form: choice(
    "one-hot",
    ["one-hot", "centred", "softmax"],
    "one-hot at the start; less 1/K; or numbers read through a softmax, `scale` times one-hot",
  ),
  scale: number(1, 0, undefined, "factor on labels at the start"),
  classes: integer(
    0,
    0,
    undefined,
    "classes that factor is for, with the root of whose number it falls; 0: one for all",
  ),
  rate: number(1, 0, undefined, "factor on the learning rate of the images"),
  positive: flag(false, "whether labels are kept from falling below 0"),
  teacher: unsaid(
    text(
      "none",
      "none, or a network such as convnet:width=64",
      (value) => value === "none" || isNetwork(value),
      "network trained on T whose outputs are the labels that S is published with; none for those of S itself",
    ),
  ),
  teacherEpochs: unsaid(integer(3, 1, undefined, "passes over T of its training")),
  temperature: unsaid(number(4, 1e-6, undefined, "temperature of its outputs: the higher, the softer labels are")),
} satisfies OptionRules;

function isNetwork(value: string): boolean {
  try {
    parseNetwork(value);
    return true;
  } catch (error) {
    if (error instanceof AttarError) return false;
    throw error;
  }
}

export type LabelValues = Resolved<typeof labelOptions>;

/** Labels of a synthetic set of K classes, class by class; or K numbers to predict, bin by bin. */
export interface Labels {
  readonly learned: boolean;
  /** Factor on the learning rate. */
  readonly rate: number;
  /** [M, K] before the first step; zeros where `start` says what they are. */
  initial(): Tensor;
  /** The labels before the first step, where they depend on the images of S then, [M, C, H, W], and on T. */
  start?(images: () => Promise<Tensor>, reader: RealReader): Promise<Tensor>;
  /** The labels as a loss reads them; themselves where left out. Consumes them. */
  read?(labels: Traced): Traced;
  /** Keeps labels within their form after a step. */
  settle(labels: Tensor): Tensor;
  /** The labels as a network trains on them: probabilities that are not negative, or for the squared error labels as they are. */
  published(labels: Tensor): Tensor;
  /** The loss it trains on them with. */
  readonly loss: "cross-entropy" | "squared-error";
}

/** @param options {@link labelOptions}, resolved. */
export const labelsOf = (
  options: LabelValues,
  { classes, target }: Pick<DatasetFacts, "classes" | "target">,
  imagesPerClass: number,
): Labels =>
  target
    ? valueLabels(options, classes.length, target.names.length, imagesPerClass)
    : classLabels(options, classes.length, imagesPerClass);

/**
 * Numbers to predict as labels, standardised: those of the real samples of its bin that the images of S are nearest to at the
 * start, which are their own where S starts from real images. They belong to the state of S; where they are not learned, their
 * rate is 0. The options' form, scale and sign are those of classes, and are not read.
 */
const valueLabels = ({ learned, rate }: LabelValues, bins: number, k: number, imagesPerClass: number): Labels => ({
  learned: true,
  rate: learned ? rate : 0,
  initial: () => zeros([bins * imagesPerClass, k]),
  start: async (images, reader) => nearestValues(await images(), reader, bins, imagesPerClass),
  settle: (labels) => labels,
  loss: "squared-error",
  published: (labels) => labels,
});

/** The numbers of the real samples nearest to images [M, C, H, W], which lie bin by bin: [M, k]. */
async function nearestValues(
  images: Tensor,
  reader: RealReader,
  bins: number,
  imagesPerClass: number,
): Promise<Tensor> {
  const d = size(images.shape.slice(1));
  const found: Tensor[] = [];
  for (let c = 0; c < bins; c++) {
    const real = await reader.batch("the numbers that S starts with", { classes: [c] });
    const points = real.images.data as Float32Array;
    const nearest = Int32Array.from({ length: imagesPerClass }, (_, i) => {
      let [best, least] = [0, Number.POSITIVE_INFINITY];
      for (let n = 0; n < real.labels.length; n++) {
        const gap = squaredDistance(points, n, images.data as Float32Array, c * imagesPerClass + i, d, least);
        if (gap < least) [least, best] = [gap, n];
      }
      return best;
    });
    found.push(real.values!.take(nearest));
  }
  return Tensor.concat(found);
}

/** Labels of classes. */
function classLabels(options: LabelValues, classes: number, imagesPerClass: number): Labels {
  const { learned, form, scale: given, classes: meant, rate, positive } = options;
  const scale = meant === 0 ? given : given / Math.sqrt(classes / meant);
  const shape = [classes * imagesPerClass, classes];
  const less = form === "centred" ? 1 / classes : 0;
  return {
    learned,
    rate,
    initial() {
      const data = new Float32Array(shape[0]! * classes);
      for (let i = 0; i < data.length; i++) {
        const [row, k] = [Math.floor(i / classes), i % classes];
        data[i] = scale * ((Math.floor(row / imagesPerClass) === k ? 1 : 0) - less);
      }
      return new Tensor(data, shape, "float32");
    },
    ...(form === "softmax" && { read: (labels: Traced) => nn.softmax(labels, -1) }),
    settle: (labels) => (positive ? mapped(labels, (v) => Math.max(0, v)) : labels),
    loss: form === "centred" ? "squared-error" : "cross-entropy",
    published(labels) {
      if (form === "softmax") return softmaxOf(labels);
      return form === "centred" ? labels : mapped(labels, (v) => Math.max(0, v / (scale || 1)));
    },
  };
}

const mapped = ({ data, shape }: Tensor, change: (v: number) => number) =>
  new Tensor((data as Float32Array).map(change), shape, "float32");

function softmaxOf({ data, shape }: Tensor): Tensor {
  const k = shape[1]!;
  const out = new Float32Array(data.length);
  for (let from = 0; from < out.length; from += k) {
    const row = (data as Float32Array).subarray(from, from + k);
    const most = Math.max(...row);
    const exps = row.map((v) => Math.exp(v - most));
    const sum = exps.reduce((a, b) => a + b, 0);
    out.set(
      exps.map((v) => v / sum),
      from,
    );
  }
  return new Tensor(out, shape, "float32");
}
