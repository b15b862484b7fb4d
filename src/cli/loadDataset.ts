import type { Dataset } from "../data/dataset.ts";
import { load } from "../data/index.ts";
import type { ReadOptions } from "../data/readOptions.ts";
import type { OutputOptions } from "./output.ts";
import { Progress } from "./progress.ts";

/** Milliseconds that a dataset may take before its progress is shown. */
const patience = 1500;

/** Loads a dataset as a command does: what takes long shows how far it is. */
export async function loadDataset(name: string, options: ReadOptions, flags: OutputOptions): Promise<Dataset> {
  const begun = performance.now();
  const progress = new Progress(flags);
  let last = "";
  try {
    return await load(name, {
      ...options,
      onProgress: ({ done, total, note }) => {
        if (performance.now() - begun < patience) return;
        if (note !== last) progress.end();
        last = note;
        progress.show(done, total, note);
      },
    });
  } finally {
    progress.end();
  }
}
