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

/** A known dataset of ten classes with `count` images of each: enough to ask what a method stores, and needs no data. */
export function blank(name: string, count: number): DatasetInfo {
  const known = knownDataset(name)!;
  const classes = Array.from({ length: 10 }, (_, c) => String(c));
  const counts = { train: classes.map(() => count), test: classes.map(() => 1) };
  return { name, known: name, domain: known.domain, classes, counts, checksum: "", normalisation: "", whitened: false };
}
