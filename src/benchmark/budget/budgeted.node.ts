import { isCoreset } from "../../methods/method.ts";
import { type Cells, cellsOf, networksFor, type Share, scoreRefusal } from "../plan/cells.node.ts";
import type { Store } from "../store/store.ts";
import type { ResolvedStudy, StudyDataset, Subject } from "../study/resolved.ts";
import { refusalOf } from "../study/resolveStudy.node.ts";
import { isFor, type Tier } from "../study/schema.ts";
import { costOf, type Measurements, measuredIn, measurementsOf, probesOf } from "./measure.node.ts";
import { stepsWithin } from "./steps.ts";

/** Tells the steps that rows recorded for a cell, where they did. */
export type Recorded = (subject: Subject, dataset: StudyDataset, ipc: number) => number | undefined;

/**
 * The cells of a study that gives every cell a budget of seconds: steps and the training of networks are timed once, in jobs of
 * their own, and the steps that fit follow from what the store has of them. The budget is of the whole study's networks and
 * protocols, whatever part of it is asked for.
 */
export async function budgetedCells(
  study: ResolvedStudy,
  budget: number,
  store: Store,
  { tier, recorded }: { readonly tier?: Tier; readonly recorded: Recorded },
): Promise<Cells> {
  const wanted = new Map<string, Measurements>();
  const idOf = (subject: Subject, dataset: StudyDataset, ipc: number) => `${subject.label}/${dataset.label}/ipc${ipc}`;
  const open = new Set<string>();
  const first: Share = { measured: [] };
  cellsOf(study, {
    tier,
    share: (subject, dataset, ipc) => {
      if (!moves(subject)) return undefined;
      const found = measurementsFor(study, idOf(subject, dataset, ipc), subject, dataset, ipc);
      if (found) wanted.set(idOf(subject, dataset, ipc), found);
      if (recorded(subject, dataset, ipc) !== undefined) return undefined;
      for (const { job } of found ? probesOf(found) : []) open.add(job.key);
      return first;
    },
  });
  const all = new Map([...wanted.values()].flatMap(probesOf).map((probe) => [probe.job.key, probe]));
  const results = await measuredIn(store, [...all.values()]);
  // What is measured already is told again; of cells whose steps rows recorded nothing more is measured.
  const probes = [...all.values()].filter(({ job: { key } }) => open.has(key) || results.has(key));
  const share = (subject: Subject, dataset: StudyDataset, ipc: number): Share | undefined => {
    if (!moves(subject)) return undefined;
    const steps = recorded(subject, dataset, ipc);
    if (steps !== undefined) return { measured: [], steps };
    const measurements = wanted.get(idOf(subject, dataset, ipc));
    return measurements && shareOf(budget, measurements, results);
  };
  return { ...cellsOf(study, { tier, share }), probes };
}

const moves = ({ made }: Subject): boolean => made.by === "method" && !isCoreset(made.method);

/** The measurements of a cell; none where it cannot be, which its own job says. */
function measurementsFor(
  study: ResolvedStudy,
  name: string,
  { label, made }: Subject,
  dataset: StudyDataset,
  ipc: number,
): Measurements | undefined {
  const { info } = dataset;
  if (!info || made.by !== "method") return undefined;
  const usual = networksFor(study, dataset);
  const scorings = study.protocols
    .filter(({ protocol }) => isFor(protocol, label, dataset.label, ipc))
    .flatMap(({ protocol, networks = usual }) =>
      networks.filter(({ spec }) => !scoreRefusal(spec, dataset)).map(({ text: network }) => ({ network, protocol })),
    );
  try {
    return measurementsOf(name, { label, made }, { ...dataset, info }, ipc, study.study.seeds[0]!, scorings);
  } catch (error) {
    refusalOf(error);
    return undefined;
  }
}

function shareOf(budget: number, measurements: Measurements, results: Parameters<typeof costOf>[1]): Share {
  const measured = probesOf(measurements).map(({ job }) => job.key);
  const cost = costOf(measurements, results);
  if (cost === undefined) return { measured };
  if (typeof cost === "string") return { measured, refused: { code: "diverged", message: cost } };
  const steps = stepsWithin(budget, cost);
  if (steps >= 1) return { measured, steps };
  const { scoring, start, perStep } = cost;
  const seconds = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} s`;
  const message = `no step fits into ${seconds(budget)}: its scores take ${seconds(scoring)}, its start ${seconds(start)}, a step ${seconds(perStep)}`;
  return { measured, refused: { code: "budget-too-small", message } };
}
