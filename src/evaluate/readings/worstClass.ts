import { isRight, rowsOfOutputs } from "./outputs.ts";
import type { Reading, Samples } from "./reading.ts";

/** The classes that have samples, in order: of the others there is no accuracy. */
const present = ({ labels, classes }: Pick<Samples, "labels" | "classes">): number[] => {
  const counts = new Set(labels);
  return Array.from({ length: classes }, (_, c) => c).filter((c) => counts.has(c));
};

/** The least accuracy of a class, and that of each class by its number, `class-0` and so on. */
export const worstClass = {
  name: "worst-class",
  title: "accuracy of the class that is classified worst, and of every class",
  options: {},
  unit: "fraction",
  better: "higher",
  target: "classes",
  needsLogits: false,
  names: (samples) => ["worst-class", ...present(samples).map((c) => `class-${c}`)],
  async of(_network, samples) {
    const { labels, classes } = samples;
    const right = new Float64Array(classes);
    const all = new Float64Array(classes);
    for (const [row, i] of rowsOfOutputs(await samples.outputs())) {
      const label = labels[i]!;
      all[label]! += 1;
      if (isRight(row, label)) right[label]! += 1;
    }
    const each = present(samples).map((c) => [`class-${c}`, right[c]! / all[c]!] as const);
    return { "worst-class": Math.min(...each.map(([, share]) => share)), ...Object.fromEntries(each) };
  },
} satisfies Reading;
