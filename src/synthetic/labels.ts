import { nn, type Array as Traced } from "@jax-js/jax";
import { choice, flag, integer, number, type OptionRules, type Resolved, Tensor } from "../engine/index.ts";

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
} satisfies OptionRules;

export type LabelValues = Resolved<typeof labelOptions>;

/** Labels of a synthetic set of K classes, class by class. */
export interface Labels {
  readonly learned: boolean;
  /** Factor on the learning rate. */
  readonly rate: number;
  /** [M, K] before the first step. */
  initial(): Tensor;
  /** The labels as a loss reads them; themselves where left out. Consumes them. */
  read?(labels: Traced): Traced;
  /** After a step. */
  settle(labels: Tensor): Tensor;
  /** The labels as a network trains on them: probabilities that are not negative, or for the squared error labels as they are. */
  published(labels: Tensor): Tensor;
  /** The loss it trains on them with. */
  readonly loss: "cross-entropy" | "squared-error";
}

/** @param options {@link labelOptions}, resolved. */
export function labelsOf(options: LabelValues, classes: number, imagesPerClass: number): Labels {
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
