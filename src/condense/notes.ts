import type { Dataset } from "../data/dataset.ts";
import { type DatasetInfo, infoOf } from "../data/datasetInfo.ts";
import { isCoreset, type Method } from "../methods/method.ts";
import { spaceNamed } from "../synthetic/index.ts";
import { type CondenseOptions, resolveConfiguration } from "./configuration.ts";
import { realBatchOf, recipeFor } from "./recipe.ts";

/**
 * Notes on what small classes do to a run, a sentence each: real batches of the smallest class's size, where more were
 * asked for or a preset wants twice as many, and starts from some images more than once.
 */
export function smallClassNotes(data: Dataset | DatasetInfo, method: Method, options: CondenseOptions): string[] {
  const dataset = infoOf(data);
  if (isCoreset(method)) return [];
  const configuration = resolveConfiguration(dataset, method, options);
  const { preset } = configuration;
  const settings = recipeFor(method, preset, dataset, configuration.ipc).set;
  const usual = realBatchOf(settings, dataset.classes.length);
  const realBatch = options.realBatch ?? (usual > 2 * configuration.realBatch ? usual : configuration.realBatch);
  const sizes = dataset.counts.train;
  const smallest = Math.min(...sizes);
  const name = JSON.stringify(dataset.classes[sizes.indexOf(smallest)]);
  const notes: string[] = [];
  if (realBatch > configuration.realBatch)
    notes.push(
      `every class gives a step equally many images: class ${name} has ${smallest}, so it is ${configuration.realBatch} of each in place of ${realBatch}`,
    );
  const { initialisation, synthetic, ipc } = configuration;
  if (initialisation === "noise") return notes;
  const wanted = spaceNamed(synthetic.name).extent(synthetic.options, dataset, ipc).startImages;
  if (wanted > smallest)
    notes.push(`class ${name} has ${images(smallest)}, and ${wanted} start the set: some of them more than once`);
  return notes;
}

const images = (count: number) => (count === 1 ? "1 training image" : `${count} training images`);
