import { join } from "node:path";
import { encodeCondensed } from "../../../data/condensedSet.ts";
import { readCondensed } from "../../../data/index.ts";
import { readRaw } from "../../../data/node/readBytes.node.ts";
import { AttarError } from "../../../engine/errors.ts";
import { checkFit } from "../../../evaluate/checkFit.ts";
import { importSets } from "../../import/index.node.ts";
import { survey } from "../../import/survey.node.ts";
import { sha256Of } from "../../plan/key.node.ts";
import type { ListedLayout } from "../../study/schema.ts";
import type { ImportTask, Job } from "../job.ts";
import { describe } from "./condense.node.ts";
import { datasetOf } from "./dataset.node.ts";
import { judgeOf } from "./judge.node.ts";
import type { Found, Running } from "./run.ts";

/** What the doctor said of a set, as a result keeps it. */
export interface KeptDiagnosis {
  /** The share of labels that a network trained on real images gives, too, and its own accuracy, to three digits. */
  readonly agreement: number;
  readonly classifierAccuracy: number;
  readonly findings: readonly string[];
  /** What was done to it on the way. */
  readonly notes: readonly string[];
}

/**
 * Takes a set in that was made elsewhere: it is read, held against the dataset, and kept in attar's own form. Of one in its authors'
 * layout the doctor tells what is odd; where another unit or order of classes explains it better, it is refused with that.
 */
export async function runImport(job: Job<"import">, running: Running): Promise<Found> {
  const { task } = job;
  const { store } = running;
  if (task.layout) return runForeign(task, task.layout, running);
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

async function runForeign(task: ImportTask, layout: ListedLayout, running: Running): Promise<Found> {
  const { store, folder, signal, onStep } = running;
  const { path, sha256, subject = "" } = task;
  const dataset = await datasetOf(task.dataset);
  const { name, space, mean, std, factor, order, set: place, despite = false } = layout;
  if ((await survey(path, dataset, layout)).content !== sha256)
    throw new AttarError("other-plan", `${path} has changed since the study was planned`, "run the study again");
  onStep(0, 1);
  const [taken] = await importSets(path, dataset, join(folder, "set"), {
    ...{ as: name, name: subject, signal, classifier: await judgeOf(dataset, signal) },
    ...(space && { space }),
    ...(mean && std && { own: { mean, std } }),
    ...(factor !== undefined && { factor }),
    ...(order && { order }),
    ...(place !== undefined && { set: place }),
  });
  const { set, notes, diagnosis } = taken!;
  checkFit(set, dataset);
  const { agreement, classifierAccuracy, findings } = diagnosis;
  const mended = findings.find(({ option }) => option !== undefined);
  if (mended && !despite)
    throw new AttarError(
      "odd-set",
      `${path}: ${mended.what}`,
      `say so in "layout", ${inStudyWords(mended.option!, order)}, or "despite": true to score it as it is`,
    );
  const doctor: KeptDiagnosis = {
    agreement: Number(agreement.toFixed(3)),
    classifierAccuracy: Number(classifierAccuracy.toFixed(3)),
    findings: findings.map(({ what }) => what),
    notes,
  };
  return {
    status: "ok",
    outputs: { set: await store.keep(encodeCondensed(set)) },
    values: { ...(await describe(set, dataset)), doctor },
  };
}

/**
 * An option of the command line as a study writes it: --space pixels as "space": "pixels".
 *
 * @param order the order of classes that labels were read in already, to which another one comes on top
 */
function inStudyWords(option: string, order?: readonly number[]): string {
  const [, name = "", value = ""] = /^--(\w+) (.*)$/.exec(option) ?? [];
  const found = value.split(",").map(Number);
  return name === "order" ? `"order": [${order ? order.map((c) => found[c]) : found}]` : `"${name}": "${value}"`;
}
