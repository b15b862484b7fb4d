import { assignment } from "./assignment.ts";

/** How often labels and a classifier agree, as they stand and after the renaming of classes that explains the most. */
export interface Agreement {
  readonly share: number;
  /** The class that each label may mean; labels that are not there keep their own where it is free. */
  readonly order: readonly number[];
  readonly reordered: number;
}

/** @param predicted what a classifier takes each image for */
export function agreementOf(labels: Int32Array, predicted: Int32Array, classes: number): Agreement {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [i, label] of labels.entries()) counts[label]![predicted[i]!]!++;
  // A label keeps its class where another explains no more.
  const gain = counts.map((row, label) => row.map((count, c) => count + (c === label ? 0.5 / classes : 0)));
  const order = assignment(gain);
  const sum = (classOf: (label: number) => number) => counts.reduce((all, row, label) => all + row[classOf(label)]!, 0);
  return {
    share: sum((label) => label) / labels.length,
    order,
    reordered: sum((label) => order[label]!) / labels.length,
  };
}
