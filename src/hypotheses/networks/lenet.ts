import type { Network, NetworkSpec } from "../network.ts";
import { sequence } from "./sequence.ts";

/** LeNet: 5×5 convolutions of 6 and 16 channels with max pooling, then 120 and 84 units. */
export const lenet = (): NetworkSpec => ({ name: "lenet", options: {} });

export function buildLeNet(spec: NetworkSpec, input: readonly [number, number, number], classes: number): Network {
  return sequence(spec, input, classes, [
    { kind: "conv", filters: 6, kernel: 5, padding: input[0] === 1 ? 2 : 0 },
    { kind: "relu" },
    { kind: "maxPool" },
    { kind: "conv", filters: 16, kernel: 5, padding: 0 },
    { kind: "relu" },
    { kind: "maxPool" },
    { kind: "linear", units: 120 },
    { kind: "relu" },
    { kind: "linear", units: 84 },
    { kind: "relu" },
  ]);
}
