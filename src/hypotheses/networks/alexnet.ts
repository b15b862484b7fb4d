import type { Network, NetworkSpec } from "../network.ts";
import { type Step, sequence } from "./sequence.ts";

/** The field's small AlexNet: five convolutions (128, 192, 256, 192, 192), three max poolings, no hidden linear layer. */
export const alexnet = (): NetworkSpec => ({ name: "alexnet", options: {} });

export function buildAlexNet(spec: NetworkSpec, input: readonly [number, number, number], classes: number): Network {
  const conv = (filters: number, kernel: number, padding: number): Step[] => [
    { kind: "conv", filters, kernel, padding },
    { kind: "relu" },
  ];
  return sequence(spec, input, classes, [
    ...conv(128, 5, input[0] === 1 ? 4 : 2),
    { kind: "maxPool" },
    ...conv(192, 5, 2),
    { kind: "maxPool" },
    ...conv(256, 3, 1),
    ...conv(192, 3, 1),
    ...conv(192, 3, 1),
    { kind: "maxPool" },
  ]);
}
