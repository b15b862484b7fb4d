import { join } from "node:path";
import type { CondensedSet } from "../../../data/dataset.ts";
import { parseCondensed } from "../../../data/index.ts";
import { AttarError } from "../../../engine/errors.ts";
import { coresetAsSet, evaluate } from "../../../evaluate/index.ts";
import { scoreFile } from "../../../evaluate/node/scoreFile.node.ts";
import { parseNetwork } from "../../../hypotheses/index.ts";
import { mean } from "../../statistics/mean.ts";
import { trainingOptionsOf } from "../evaluate.node.ts";
import type { EvaluateTask, Job } from "../job.ts";
import { datasetOf } from "./dataset.node.ts";
import type { Found, Running } from "./run.ts";

/**
 * Networks trained on a set, or on the whole training split, and read on the test split: `attar evaluate --resume` with
 * the baselines that its protocol names; others a study has as subjects of their own. Each network's score is kept as it comes.
 */
export async function runEvaluate(
  { task, name }: Job<"evaluate"> | Job<"reference">,
  running: Running,
): Promise<Found> {
  const { folder, signal, onStep, onNote } = running;
  const dataset = await datasetOf(task.dataset);
  const set = task.set === undefined ? await coresetAsSet(dataset, "full", 0, 0) : await setIn(task, running, name);
  const subject = set.method;
  const { repeats, epochs, augmentation, seed, readings, baselines = [], redrawn } = task;
  const timed = new Map<string, number[]>();
  const evaluation = await evaluate(set, dataset, {
    networks: [parseNetwork(task.network)],
    readings,
    repeats,
    epochs,
    augmentation,
    ...trainingOptionsOf(task),
    seed,
    baselines,
    redrawn: redrawn !== undefined,
    condensedFrom: dataset.checksum,
    scores: await scoreFile(join(folder, "scores.ndjson"), true, onNote),
    signal,
    onReading: (reading, seconds) => timed.set(reading, [...(timed.get(reading) ?? []), seconds]),
    onProgress: (p) => {
      const subjects = [subject, ...baselines];
      const before = Math.max(0, subjects.indexOf(p.subject)) * repeats + p.repeat;
      onStep(before * p.epochs + p.epoch, subjects.length * repeats * p.epochs);
    },
  });
  const { protocol, results } = evaluation;
  const { net, accuracy, readings: others = {} } = results[0]!;
  const values = { ...(accuracy && { accuracy: accuracy.runs }) };
  const beside = Object.fromEntries(
    Object.entries(evaluation.baselines).map(([rule, { results: own }]) => [
      `accuracy.${rule}`,
      own[0]!.accuracy!.runs,
    ]),
  );
  const more = Object.fromEntries(Object.entries(others).map(([reading, { runs }]) => [reading, runs]));
  return {
    status: "ok",
    outputs: {},
    values: { network: net, protocol, scores: { ...values, ...more, ...beside } },
    ...(timed.size > 0 && {
      measured: { readingSeconds: Object.fromEntries([...timed].map(([reading, all]) => [reading, mean(all)])) },
    }),
  };
}

async function setIn({ set }: EvaluateTask, { store }: Running, name: string): Promise<CondensedSet> {
  if (set === undefined) throw new AttarError("failed", `${name} names no set`, "", 1);
  return parseCondensed(await store.object(set), `${store.where}: the set of ${name}`);
}
