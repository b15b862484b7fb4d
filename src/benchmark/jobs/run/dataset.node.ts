import type { Dataset } from "../../../data/dataset.ts";
import { load } from "../../../data/index.ts";
import { withValidation } from "../../../data/splits/validation.ts";
import type { Source } from "../job.ts";

let last: { readonly id: string; readonly dataset: Promise<Dataset> } | undefined;

/** Loads a dataset; the last one is kept, since jobs come in the order of a study. */
export function datasetOf(source: Source): Promise<Dataset> {
  const id = JSON.stringify(source);
  if (last?.id === id) return last.dataset;
  const dataset = loaded(source);
  last = { id, dataset };
  dataset.catch(() => {
    if (last?.dataset === dataset) last = undefined;
  });
  return dataset;
}

async function loaded({ name, reading, heldOut }: Source): Promise<Dataset> {
  const dataset = await load(name, reading);
  return heldOut ? withValidation(dataset, heldOut) : dataset;
}
