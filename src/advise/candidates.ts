import { resolveConfiguration } from "../condense/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { type DatasetInfo, infoOf } from "../data/datasetInfo.ts";
import { AttarError } from "../engine/index.ts";
import type { DomainKind } from "../engine/serving.ts";
import { type Method, methodNamed } from "../methods/index.ts";

/** Subsets that stand beside every method. */
export const baselines: readonly string[] = ["random", "kmeans"];

/** Pixels of a side below which a picture of half the side, as m3d keeps four of in an image, says little. */
const leastSide = 28;

/** Methods that go far in little time, by what the samples are; the first is tried first. */
const usual: Readonly<Record<DomainKind, readonly string[]>> = {
  image: ["m3d", "dm"],
  table: ["dm", "m3d"],
  series: ["dm", "m3d"],
  embedding: ["dm", "m3d"],
};

/** The methods that are tried where none is named: those of the domain that the dataset allows. */
export function usualMethods(dataset: Dataset, ipc: number): Method[] {
  const { domain, shape } = dataset;
  const small = domain.kind === "image" && Math.min(shape[1], shape[2]) < leastSide;
  const names = usual[domain.kind].filter((name) => !(small && name === "m3d"));
  return names.map(methodNamed).filter((method) => {
    try {
      resolveConfiguration(dataset, method, { ipc });
      return true;
    } catch (error) {
      if (error instanceof AttarError) return false;
      throw error;
    }
  });
}

const usualIpc = [1, 10, 50];

/** The sizes that are tried where none is named: those of which the smallest class has twice as many samples. */
export function usualSizes(data: Dataset | DatasetInfo): number[] {
  const smallest = Math.min(...infoOf(data).counts.train);
  const sizes = usualIpc.filter((ipc) => 2 * ipc <= smallest);
  return sizes.length > 0 ? sizes : [1];
}
