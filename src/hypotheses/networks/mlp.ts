import { activation } from "../layers/activation.ts";
import { linear } from "../layers/linear.ts";
import { sequential } from "../layers/sequential.ts";
import { flatten } from "../layers/stage.ts";
import type { NetworkSpec } from "../network.ts";
import { declareArchitecture, specOf } from "./architecture.ts";
import { integer } from "./options.ts";

export type MlpOptions = {
  /** Hidden layers; 2. */
  readonly depth?: number;
  /** Units of every hidden layer; 128. */
  readonly width?: number;
};

/** Fully connected layers with ReLU over the flattened image; the embedding is the last hidden layer. */
export const mlpArchitecture = declareArchitecture({
  name: "mlp",
  title: "MLP",
  options: { depth: integer(2, 1, 16), width: integer(128, 1, 65536) },
  body(options) {
    const { depth, width } = options;
    const hidden = Array.from({ length: depth }, (_, i) => [linear(`linear${i + 1}`, width), activation("relu")]);
    return sequential(flatten, ...hidden.flat());
  },
});

/** An MLP spec; `mlp()` has two hidden layers of 128 units. */
export function mlp(options: MlpOptions = {}): NetworkSpec {
  return specOf(mlpArchitecture, options);
}
