import type { Made, Result } from "../../store/result.ts";
import type { Store } from "../../store/store.ts";

/** What a job is run with. */
export interface Running {
  readonly store: Store;
  /** The job's own folder on this machine; what an interrupted run left there is continued. */
  readonly folder: string;
  /** True where the folder is this machine's alone: what is under way is copied to the store, for another one to continue. */
  readonly copies: boolean;
  readonly signal: AbortSignal;
  /** Called as the work goes on: steps done of all. */
  readonly onStep: (step: number, steps: number) => void;
  /** Called with what a person may want to read in a log. */
  readonly onNote: (note: string) => void;
}

/** What a job found: of its result what its kind knows, and files on the side that are no part of it. */
export type Found = Pick<Result, "status" | "reason" | "outputs" | "values"> & {
  /** Contents that are kept beside the result: logs with times in them. */
  readonly beside?: Readonly<Record<string, string>>;
  /** What was measured of the machine on the way: no part of the result either. */
  readonly measured?: Pick<Made, "readingSeconds" | "members">;
};
