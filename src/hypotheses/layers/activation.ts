import { nn, numpy as np, type Array as Traced } from "@jax-js/jax";
import { AttarError, nearest } from "../../engine/index.ts";

export const activations = {
  relu: (x: Traced) => np.maximum(x, 0),
  leakyrelu: (x: Traced) => np.maximum(x.ref, x.mul(0.01)),
  sigmoid: (x: Traced) => nn.sigmoid(x),
  swish: (x: Traced) => x.ref.mul(nn.sigmoid(x)),
} as const;

export type Activation = keyof typeof activations;

export function checkActivation(name: string): Activation {
  if (Object.hasOwn(activations, name)) return name as Activation;
  const known = Object.keys(activations);
  const guess = nearest(name, known);
  throw new AttarError(
    "unknown-option",
    `unknown activation "${name}"`,
    guess ? `did you mean "${guess}"?` : `use one of ${known.join(", ")}`,
  );
}
