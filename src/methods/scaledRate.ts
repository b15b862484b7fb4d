import type { Tuning } from "./method.ts";

/**
 * A learning rate of S in proportion to the images per class, `atTen` at ten: where classes are compared by means over their
 * images, the gradient of one image falls with their number.
 */
export const scaledRate = (
  atTen: number,
  { preset = "laptop", datasets }: Pick<Tuning, "preset" | "datasets"> = {},
): Tuning[] =>
  [1, 10, 50].map((ipc, i) => ({
    preset,
    ...(datasets && { datasets }),
    ipc: [ipc, [9, 49, 1000][i]!],
    set: { imageLearningRate: (atTen * ipc) / 10 },
  }));
