import type { Network, NetworkSpec } from "../network.ts";
import { sequence } from "./sequence.ts";

/** Two hidden layers of `width` (128) units with relu, any input. */
export const mlp = (options: { width?: number } = {}): NetworkSpec => ({
  name: "mlp",
  options: { width: 128, ...options },
});

export function buildMlp(spec: NetworkSpec, input: readonly [number, number, number], classes: number): Network {
  const units = Number(spec.options.width);
  return sequence(spec, input, classes, [
    { kind: "linear", units },
    { kind: "relu" },
    { kind: "linear", units },
    { kind: "relu" },
  ]);
}
