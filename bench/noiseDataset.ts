import type { Dataset } from "../src/data/dataset.ts";
import { makeDataset } from "../src/data/makeDataset.ts";
import type { Network } from "../src/hypotheses/index.ts";
import { classes, cyclicLabels, noiseImages } from "./problem.ts";

/** Training images of each class: more than any step draws. */
const each = 120;

/** Bytes of noise around middle grey, a quarter of the range wide, in ten classes: a dataset that no network learns quickly. */
export function noiseDataset(network: Network): Promise<Dataset> {
  const noise = noiseImages(network, "dataset", classes * each).data;
  const images = Uint8Array.from(noise, (v) => Math.round(255 * Math.min(1, Math.max(0, 0.5 + v / 4))));
  return makeDataset({
    name: "noise",
    shape: network.input,
    classes: Array.from({ length: classes }, (_, c) => String(c)),
    train: { images, labels: cyclicLabels(classes * each) },
    scale: 255,
    source: "made in memory",
  });
}
