import type { JobKind } from "../jobs/job.ts";
import { canonical } from "../plan/canonical.ts";

/** The machine and the circumstances under which a result was made: provenance, no part of what it is. */
export interface Made {
  readonly versions: { readonly attar: string; readonly node: string; readonly onnxruntime: string };
  /** The commit of attar's checkout, where it is one. */
  readonly commit?: string;
  readonly device: string;
  readonly executor: string;
  /** Threads in use. */
  readonly cores: number;
  readonly host: string;
  /** The load average of the last minute when it began. */
  readonly load: number;
  /** When it began, as ISO 8601. */
  readonly started: string;
  /** Seconds of computing, all stretches of it together. */
  readonly seconds: number;
  readonly peakMemoryBytes?: number;
  /** SHA-256 by file name of an artefact's members, of which the store may have copies. */
  readonly members?: Readonly<Record<string, string>>;
  /** Seconds that each reading took of a network, mean over those that were read in the last stretch. */
  readonly readingSeconds?: Readonly<Record<string, number>>;
  /** SHA-256 of the log of its events in the store, where the kind keeps one. */
  readonly events?: string;
}

/** The result of a job, as its file in the store has it. */
export interface Result {
  readonly format: 1;
  readonly kind: JobKind;
  readonly version: number;
  readonly key: string;
  readonly name: string;
  readonly configuration: object;
  readonly inputs: readonly string[];
  /** A run that diverges has a result, too: that it does. */
  readonly status: "ok" | "diverged";
  readonly reason?: string;
  /** Files by what they are, each the SHA-256 under which the store has it. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What was found out, by the kind's own form. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly made: Made;
}

/** The part of a result that must be the same whoever computes it, as text. */
export const foundIn = ({ status, reason, outputs, values }: Result): string =>
  canonical({ status, reason, outputs, values });

/** The SHA-256 of every content in the store that a result names: its outputs, and the log beside them. */
export const contentsOf = ({ outputs, made }: Result): readonly string[] => [
  ...Object.values(outputs),
  ...(made.events === undefined ? [] : [made.events]),
];

/** Recognises a result that this version wrote or can read. */
export function isResult(value: unknown): value is Result {
  if (!isObject(value)) return false;
  const { format, kind, key, name, status, outputs, values, made } = value;
  return (
    format === 1 &&
    [kind, key, name].every((text) => typeof text === "string") &&
    (status === "ok" || status === "diverged") &&
    [outputs, values, made].every(isObject)
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An end of a job without a result. */
export interface Attempt {
  /** What went wrong: wrong input, an error, the process died, its host did, it made no progress. */
  readonly outcome: "wrong-input" | "failed" | "crashed" | "lost" | "stalled";
  readonly host: string;
  /** When it ended, as ISO 8601. */
  readonly at: string;
  readonly exit?: number | null;
  readonly signal?: string | null;
  /** A sentence, and what to do. */
  readonly message: string;
  readonly hint?: string;
  /** The last lines of the child's log. */
  readonly log?: string;
}
