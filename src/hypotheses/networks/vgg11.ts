import { checkNormalisation } from "../layers/normalise.ts";
import type { Network, NetworkSpec } from "../network.ts";
import { type Step, sequence } from "./sequence.ts";

/** VGG-11 with instance normalisation (or another), one linear layer. */
export const vgg11 = (options: { normalisation?: string } = {}): NetworkSpec => ({
  name: "vgg11",
  options: { normalisation: "instance", ...options },
});

export function buildVgg11(spec: NetworkSpec, input: readonly [number, number, number], classes: number): Network {
  const by = checkNormalisation(String(spec.options.normalisation));
  const steps: Step[] = [];
  let first = true;
  for (const filters of [64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0]) {
    if (filters === 0) {
      steps.push({ kind: "maxPool" });
      continue;
    }
    steps.push({ kind: "conv", filters, kernel: 3, padding: first && input[0] === 1 && input[1] === 28 ? 3 : 1 });
    if (by !== "none") steps.push({ kind: "normalise", by });
    steps.push({ kind: "relu" });
    first = false;
  }
  return sequence(spec, input, classes, steps);
}
