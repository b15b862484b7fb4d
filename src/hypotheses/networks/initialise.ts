import { type Citation, type RandomKey, size, Tensor, work } from "../../engine/index.ts";
import type { Initial, InitialTable } from "../layers/stage.ts";
import type { Params } from "../network.ts";

/**
 * Laws that weights and biases start under: `he-uniform` is PyTorch's default, uniform in ±1/√(fan in), biases, too (He et al.
 * 2015 with a = √5); `lecun-normal` is Flax's, normal of variance 1/(fan in) cut at two standard deviations, biases zero;
 * `he-normal` is the same of variance 2/(fan in), which keeps the scale of activations through ReLU.
 */
export const initialLaws = ["he-uniform", "lecun-normal", "he-normal"] as const;
export type InitialLaw = (typeof initialLaws)[number];

const rectified = work(
  "K. He, X. Zhang, S. Ren and J. Sun",
  2015,
  "Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet Classification",
  "ICCV",
);

/** The works that the laws come from. */
export const initialLawCitations: Readonly<Record<InitialLaw, Citation>> = {
  "he-uniform": rectified,
  "he-normal": rectified,
  "lecun-normal": work(
    "Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller",
    1998,
    "Efficient BackProp",
    "Neural Networks: Tricks of the Trade",
  ),
};

/** Fresh tensors for a table: each is drawn from `key.fold(layer).fold(name)`, so no tensor's values depend on another. */
export function initialise(table: InitialTable, key: RandomKey, law: InitialLaw = "he-uniform"): Params {
  const params: Params = {};
  for (const [layer, tensors] of Object.entries(table)) {
    const own: Params[string] = {};
    for (const [name, initial] of Object.entries(tensors))
      own[name] = new Tensor(drawn(initial, key.fold(layer).fold(name), law), initial.shape, "float32");
    params[layer] = own;
  }
  return params;
}

function drawn({ shape, start }: Initial, key: RandomKey, law: InitialLaw): Float32Array {
  const count = size(shape);
  if ("value" in start) return new Float32Array(count).fill(start.value);
  if (law === "he-uniform") return key.uniform(count, -start.bound, start.bound);
  if (shape.length === 1) return new Float32Array(count);
  const deviation = law === "he-normal" ? Math.SQRT2 * start.bound : start.bound;
  return truncatedNormal(count, key).map((v) => v * deviation);
}

/** Standard deviation of a standard normal number cut at ±2. */
const cutDeviation = 0.8796256610342398;

/** `count` numbers of variance 1: standard normal ones, drawn again beyond ±2, then widened. */
function truncatedNormal(count: number, key: RandomKey): Float32Array {
  const numbers = key.normal(count);
  let beyond = Array.from(numbers.keys()).filter((i) => Math.abs(numbers[i]!) > 2);
  for (let round = 1; beyond.length > 0; round++) {
    const again = key.fold("again").fold(round).normal(beyond.length);
    for (const [k, i] of beyond.entries()) numbers[i] = again[k]!;
    beyond = beyond.filter((i) => Math.abs(numbers[i]!) > 2);
  }
  return numbers.map((v) => v / cutDeviation);
}
