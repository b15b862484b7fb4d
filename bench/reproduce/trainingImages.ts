import { resolveConfiguration } from "../../src/condense/configuration.ts";
import type { DatasetInfo } from "../../src/data/index.ts";
import { knownDataset } from "../../src/data/knownDatasets.ts";
import { isCoreset, methodNamed } from "../../src/methods/index.ts";
import { spaceNamed } from "../../src/synthetic/index.ts";
import type { Cell } from "./cell.ts";

/** The number of images that a network trains on when it trains on a cell's set: decoded ones where S is stored otherwise. */
export function trainingImages(cell: Pick<Cell, "method" | "dataset" | "ipc" | "condense">): number {
  const method = methodNamed(cell.method);
  const dataset = blank(cell.dataset, cell.ipc);
  const classes = dataset.classes.length;
  if (isCoreset(method)) return classes * cell.ipc;
  const preset = cell.condense.includes("paper") ? "paper" : "laptop";
  const { synthetic } = resolveConfiguration(dataset, method, { ipc: cell.ipc, preset });
  return classes * spaceNamed(synthetic.name).extent(synthetic.options, dataset, cell.ipc).imagesPerClass;
}

/** The number of gradient steps of a training: batches of at most `batch` images, `epochs` times. */
export const gradientSteps = (images: number, { epochs, batch }: { epochs: number; batch: number }): number =>
  epochs * Math.ceil(images / batch);

/** A dataset of the right shape with `ipc` images of each of ten classes: enough to ask what a method stores. */
function blank(name: string, ipc: number): DatasetInfo {
  const { domain } = knownDataset(name)!;
  const classes = Array.from({ length: 10 }, (_, c) => String(c));
  const counts = { train: classes.map(() => ipc), test: classes.map(() => 0) };
  return { name, domain, classes, counts, checksum: "", normalisation: "", whitened: false };
}
