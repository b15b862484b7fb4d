import type { AnyJob, JobKind } from "../jobs/job.ts";

/** Numbers through a network that a core takes in a second, where nothing was timed yet: a guess from ConvNets on two cores. */
const guessed: Readonly<Record<JobKind, number>> = {
  experts: 1e6,
  condense: 1e6,
  import: 1e9,
  evaluate: 2e6,
  reference: 2e6,
  time: 1e6,
  audit: 1e6,
  "score-time": 2e6,
};
/** Seconds of any job beside its work: a dataset is loaded, functions are compiled. */
const beside = 1;

/** What a job's time hangs on. */
export type Timed = Pick<AnyJob, "kind" | "name" | "work"> & { readonly configuration?: object };

/** How long jobs take here, from those that were timed: by kind and subject, else by kind, else a guess. */
export class Pace {
  private readonly sums = new Map<string, { seconds: number; work: number }>();

  /** Takes note of a job and the seconds it took. */
  add(job: Timed, seconds: number): void {
    for (const name of namesOf(job)) {
      const sum = this.sums.get(name) ?? { seconds: 0, work: 0 };
      this.sums.set(name, { seconds: sum.seconds + seconds, work: sum.work + job.work });
    }
  }

  /** True where a job of the kind was timed. */
  knows(job: Timed): boolean {
    return this.sums.has(kindOf(job));
  }

  /** The seconds that a job will take, about. */
  secondsOf(job: Timed): number {
    const sum = namesOf(job).flatMap((name) => this.sums.get(name) ?? [])[0];
    if (sum && sum.work > 0) return (job.work * sum.seconds) / sum.work;
    return beside + job.work / guessed[job.kind];
  }
}

/** The kind that a job shares its pace with: a coreset, which takes no steps, none with sets that take some. */
const kindOf = ({ kind, configuration = {} }: Timed): string =>
  kind === "condense" && "steps" in configuration && configuration.steps === 0 ? "coreset" : kind;

/** What a job's time is known by, the closest first: kind, subject and dataset; the kind. */
const namesOf = (job: Timed): string[] => [`${kindOf(job)} ${job.name.split("/").slice(0, 2).join("/")}`, kindOf(job)];
