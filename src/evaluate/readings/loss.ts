import { logSoftmax, rowsOfOutputs } from "./outputs.ts";
import type { Reading, Samples } from "./reading.ts";

/** The mean of −log p(label), in nats. */
export async function meanCrossEntropy({ outputs, labels }: Samples): Promise<number> {
  let sum = 0;
  for (const [row, i] of rowsOfOutputs(await outputs())) sum -= logSoftmax(row)[labels[i]!]!;
  return Math.max(0, sum / labels.length);
}

/** The mean cross-entropy of the test split. */
export const lossReading = {
  name: "loss",
  title: "mean cross-entropy of the test split, in nats",
  options: {},
  unit: "nats",
  better: "lower",
  target: "classes",
  needsLogits: true,
  names: () => ["loss"],
  of: async (_network, samples) => ({ loss: await meanCrossEntropy(samples) }),
} satisfies Reading;
