import { encodeCondensed } from "../../../data/condensedSet.ts";
import { readCondensed } from "../../../data/index.ts";
import { readRaw } from "../../../data/node/readBytes.node.ts";
import { AttarError } from "../../../engine/errors.ts";
import { checkFit } from "../../../evaluate/checkFit.ts";
import { sha256Of } from "../../plan/key.node.ts";
import type { Job } from "../job.ts";
import { describe } from "./condense.node.ts";
import { datasetOf } from "./dataset.node.ts";
import type { Found, Running } from "./run.ts";

/** Takes a set in that was made elsewhere: it is read, held against the dataset, and kept in attar's own form. */
export async function runImport({ task }: Job<"import">, { store }: Running): Promise<Found> {
  const { path, sha256 } = task;
  if (sha256Of(await readRaw(path)) !== sha256)
    throw new AttarError("other-plan", `${path} has changed since the study was planned`, "run the study again");
  const [set, dataset] = [await readCondensed(path), await datasetOf(task.dataset)];
  checkFit(set, dataset);
  return {
    status: "ok",
    outputs: { set: await store.keep(encodeCondensed(set)) },
    values: await describe(set, dataset),
  };
}
