import { createHash } from "node:crypto";
import { canonical } from "./canonical.ts";

/** What determines the result of a job to the byte. */
export interface Determined {
  readonly kind: string;
  /** The version of the kind: raised where the same configuration comes to other bytes than before. */
  readonly version: number;
  /** Everything that was resolved. JSON-serialisable. */
  readonly configuration: object;
  /** Digests of the content that goes in. */
  readonly inputs: readonly string[];
}

/**
 * The name of a job's result: SHA-256 of the canonical JSON of what determines it. attar's own version is not in it: a commit
 * that changes no result keeps all of them.
 */
export const keyOf = ({ kind, version, configuration, inputs }: Determined): string =>
  sha256Of(canonical({ kind, version, configuration, inputs }, parts));

/** Texts of the parts of configurations, which jobs share: a method's settings all seeds, a protocol all sets of a size. */
const parts = new WeakMap<object, string>();

/** SHA-256 of a text or of bytes, in hex. */
export const sha256Of = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");
