import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { onClasses, setOnClasses } from "../data/onClasses.ts";
import { AttarError } from "../engine/index.ts";
import { type EvaluateOptions, type Evaluation, evaluate } from "./evaluate.ts";
import type { NetworkResult } from "./score.ts";
import { type Summary, summary } from "./summary.ts";

/** A step of class-incremental learning: what was new, what was seen by then, and how networks fared on all of it. */
export interface ContinualStep {
  /** Numbers of the classes that came with it. */
  readonly arrived: readonly number[];
  readonly seen: readonly number[];
  readonly evaluation: Evaluation;
}

/** Accuracies of a memory, on one architecture. */
export interface ContinualScore {
  readonly subject: string;
  readonly net: string;
  /** On all classes, after the last step. */
  readonly last: Summary;
  /** The mean over steps of the accuracy on the classes seen by then. */
  readonly average: Summary;
}

export interface Continual {
  readonly steps: readonly ContinualStep[];
  readonly scores: readonly ContinualScore[];
}

export interface ContinualOptions extends EvaluateOptions {
  readonly onStep?: (step: number, steps: number) => void;
}

/**
 * Class-incremental learning with a condensed set as memory (GDumb: Prabhu et al. 2020, as PSG and DM evaluate): classes come in tasks, of
 * each the set's images of its classes are kept, and after each task networks are trained from scratch on all that is kept and tested on
 * the test images of the classes seen by then. Baselines beside it are memories of the same size. Scores are kept and found again as those
 * of `evaluate` are.
 *
 * @param tasks numbers of classes, each once; with the first two or more come
 * @throws AttarError "bad-option" for other tasks, and as `evaluate` does
 */
export async function continual(
  set: CondensedSet,
  dataset: Dataset,
  tasks: readonly (readonly number[])[],
  { onStep, ...options }: ContinualOptions = {},
): Promise<Continual> {
  checkTasks(tasks, dataset);
  const steps: ContinualStep[] = [];
  for (const [i, arrived] of tasks.entries()) {
    onStep?.(i, tasks.length);
    const seen = tasks.slice(0, i + 1).flat();
    const part = await onClasses(dataset, seen);
    steps.push({ arrived, seen, evaluation: await evaluate(setOnClasses(set, seen, part), part, options) });
  }
  return { steps, scores: scoresOf(steps) };
}

function checkTasks(tasks: readonly (readonly number[])[], { classes, name, target }: Dataset): void {
  const all = tasks.flat();
  const refuse = (what: string) => {
    throw new AttarError("bad-option", what, `for example --continual ${Math.max(2, Math.floor(classes.length / 5))}`);
  };
  if (target) refuse(`classes come one after the other, and of ${name} numbers are predicted`);
  if (tasks.some((task) => task.length === 0) || (tasks[0]?.length ?? 0) < 2)
    refuse("the first task has two classes or more, the others one");
  const odd = all.find((c) => !Number.isInteger(c) || c < 0 || c >= classes.length);
  if (odd !== undefined) refuse(`${name} has the classes 0 to ${classes.length - 1}, and none is ${odd}`);
  if (new Set(all).size !== all.length) refuse("a class comes once");
}

function scoresOf(steps: readonly ContinualStep[]): ContinualScore[] {
  const of = ({ evaluation }: ContinualStep): [string, readonly NetworkResult[]][] => [
    [evaluation.subject, evaluation.results],
    ...Object.entries(evaluation.baselines).map(([name, { results }]): [string, readonly NetworkResult[]] => [
      name,
      results,
    ]),
  ];
  const last = of(steps.at(-1)!);
  return last.flatMap(([subject, results], s) =>
    results.map(({ net, accuracy }, n) => {
      const each = steps.map((step) => of(step)[s]![1][n]!.accuracy!.runs);
      const average = accuracy!.runs.map((_, r) => each.reduce((sum, runs) => sum + runs[r]!, 0) / each.length);
      return { subject, net, last: accuracy!, average: summary(average) };
    }),
  );
}

/** Tasks of so many classes each, in the order of their numbers. */
export const tasksOf = (classes: number, each: number): number[][] =>
  Array.from({ length: Math.ceil(classes / each) }, (_, t) =>
    Array.from({ length: Math.min(each, classes - t * each) }, (_c, i) => t * each + i),
  );
