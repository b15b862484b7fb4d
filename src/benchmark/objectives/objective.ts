import type { ReadingSpec } from "../../evaluate/readings/index.ts";
import type { AuditSize } from "../jobs/job.ts";

/** An objective: a number, or some, that a benchmark has of every subject. */
export interface Objective {
  /** The name as a study writes it, options included: "accuracy", "calibration:bins=10", "bytes". */
  readonly name: string;
  /**
   * Where its numbers come from: a trained network's readings, the set itself, what its run claims, steps timed alone on a
   * machine, attacks on membership of its method, or the rows of other objectives.
   */
  readonly of: "network" | "set" | "claim" | "machine" | "audit" | "derived" | "nothing";
  /** The reading that is taken of networks. */
  readonly reading?: ReadingSpec;
  /** The options of one that is computed from others' rows. */
  readonly options?: Readonly<Record<string, string>>;
  /** How many halves are condensed, of attacks on membership. */
  readonly audit?: AuditSize;
  /** Why there are no numbers of it yet. */
  readonly absent?: string;
}

/** A value of an objective as rows have it. */
export interface Metric {
  /** The value's name: the objective's own, or with more after a dot. */
  readonly metric: string;
  readonly unit: string;
  readonly better: "higher" | "lower";
  readonly value: number | null;
  /** Why the value is empty. */
  readonly reason?: string;
}
