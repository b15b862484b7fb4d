import type { CondensedSet } from "../data/browser.ts";
import { AttarError, type Runtime } from "../engine/index.ts";
import { evaluate } from "../evaluate/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import type { Problem, ScoreSubject, StudioEvent } from "./contract.ts";
import { problemOf } from "./facts.ts";
import type { Run } from "./run.ts";

/** What is trained: fresh networks on a run's set, and on what stands beside it. */
export interface ScoresAsked {
  readonly subjects: readonly ScoreSubject[];
  readonly networks: number;
  readonly epochs: number;
}

const subjectOf = (name: string): ScoreSubject =>
  name === "random" || name === "kmeans" || name === "full" ? name : "set";

/**
 * Trains networks on a run's set, on subsets and on all of T, telling of it by events; the networks stay with the run. Goes on after it
 * returns, until the run's `scoring` is aborted.
 *
 * @throws AttarError "busy" where networks are trained on the run already
 */
export function scoreRun(
  run: Run,
  set: CondensedSet,
  { subjects, networks, epochs }: ScoresAsked,
  runtime: Runtime,
  tell: (event: StudioEvent) => void,
): void {
  const { id, asked, dataset } = run;
  if (run.scoring) throw new AttarError("busy", `networks are trained on ${id} already`, "stop that first");
  const scoring = new AbortController();
  run.scoring = scoring;
  const began = performance.now();
  const train = async () => {
    const found = await evaluate(set, dataset, {
      baselines: subjects.filter((subject) => subject !== "set"),
      networks: [parseNetwork(asked.network ?? dataset.domain.network.name)],
      repeats: networks,
      epochs,
      fullEpochs: 3,
      augmentation: "none",
      runtime,
      signal: scoring.signal,
      onTrained: (network, { subject }) => void run.trained.set(subjectOf(subject), network),
      onProgress: ({ subject, repeat, epoch, epochs: all }) =>
        tell({ type: "training", run: id, subject: subjectOf(subject), network: repeat, epoch, epochs: all }),
    });
    const score = (subject: ScoreSubject, results: typeof found.results) =>
      tell({ type: "score", run: id, subject, accuracies: results[0]?.accuracy?.runs ?? [] });
    score("set", found.results);
    for (const [name, { results }] of Object.entries(found.baselines)) score(subjectOf(name), results);
  };
  const ended = (problem?: Problem) => {
    run.scoring = undefined;
    const seconds = (performance.now() - began) / 1000;
    tell({ type: "scores.ended", run: id, seconds, ...(problem && { problem }) });
  };
  train().then(
    () => ended(),
    (error) => ended(scoring.signal.aborted ? undefined : problemOf(error)),
  );
}
