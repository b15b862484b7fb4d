import { isRight, rowsOfOutputs } from "./outputs.ts";
import type { Reading } from "./reading.ts";

/** The share of samples whose label has the largest output; a tie counts as wrong. */
export const accuracyReading = {
  name: "accuracy",
  title: "share of the test split that is classified correctly",
  options: {},
  unit: "fraction",
  better: "higher",
  target: "classes",
  needsLogits: false,
  names: () => ["accuracy"],
  async of(_network, { outputs, labels }) {
    let right = 0;
    for (const [row, i] of rowsOfOutputs(await outputs())) if (isRight(row, labels[i]!)) right++;
    return { accuracy: right / labels.length };
  },
} satisfies Reading;
