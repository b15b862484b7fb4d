import type { CondensedSet } from "./dataset.ts";
import { originalValues } from "./valuesTarget.ts";
import { unwhiten } from "./whiten.ts";

/**
 * The rows of a condensed table as a CSV with a header: its features in their own units, then the numbers to predict in theirs,
 * or the class. Features are named by their place, `feature1` and so on: a condensed set does not keep the names of columns.
 */
export function encodeCsv({ images, shape, labels, values, target, classes, normalisation }: CondensedSet): Uint8Array {
  const [features] = shape;
  const { scale, mean, std, zca } = normalisation;
  const rows = images.slice();
  if (zca) unwhiten(rows, zca);
  const predicted = values && target && originalValues(values, target);
  const header = [...Array.from({ length: features }, (_, f) => `feature${f + 1}`), ...(target?.names ?? ["label"])];
  const lines = Array.from(labels, (label, i) => {
    const own = Array.from({ length: features }, (_, f) =>
      String(Math.fround((rows[i * features + f]! * std[f]! + mean[f]!) * scale)),
    );
    const k = target?.names.length ?? 0;
    const told = predicted ? Array.from(predicted.subarray(i * k, (i + 1) * k), String) : [quoted(classes[label]!)];
    return [...own, ...told].join(",");
  });
  return new TextEncoder().encode([header.map(quoted).join(","), ...lines, ""].join("\n"));
}

/** A cell, between quotes where it holds what separates cells. */
const quoted = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
