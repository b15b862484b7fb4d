import type { Dataset } from "./dataset.ts";
import { infoOf } from "./datasetInfo.ts";

/** The facts of a dataset that `attar data info --json` prints: sizes, ranges, normalisation, and what was guessed. */
export function datasetSummary(d: Dataset) {
  const { normalisation: n, reading } = d;
  return {
    name: d.name,
    format: reading?.format ?? null,
    shape: d.shape,
    domain: d.domain.kind,
    classes: d.classes,
    ...(d.target && { target: d.target }),
    ...(d.table && { table: d.table }),
    train: d.train.labels.length,
    test: d.test.labels.length,
    testSplit: reading?.testSplit ?? null,
    imagesPerClass: infoOf(d).counts.train,
    labels: reading?.labels ?? null,
    values: d.train.images instanceof Uint8Array ? "uint8" : "float32",
    range: rangeOf(d.train.images),
    scale: n.scale,
    normalisation: n.zca ? "zca" : "channel",
    mean: n.mean,
    std: n.std,
    notes: reading?.notes ?? [],
    checksum: d.checksum,
    source: d.source,
  };
}

function rangeOf(images: Uint8Array | Float32Array): [number, number] {
  const bytes = images instanceof Uint8Array;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < images.length; i++) {
    const value = images[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
    if (bytes && low === 0 && high === 255) break;
  }
  return [low, high];
}
