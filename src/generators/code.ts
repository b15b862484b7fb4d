import type { Array as Traced } from "@jax-js/jax";
import type { Tensor } from "../engine/index.ts";

/**
 * The distribution that a part of a code comes from: a standard normal one; a normal one of each class, fitted to the codes of its
 * samples; the one-hot label, or the learned embedding of it; the activations that a code of layer 0 leads to; the entries of a codebook; the images of another data set.
 */
export type Prior = "normal" | "class-normal" | "one-hot" | "class-embedding" | "activations" | "codebook" | "domain";

/** One part of a code: "z", "class", "features". */
export interface CodePart {
  /** Shape of one sample's. */
  readonly shape: readonly number[];
  readonly prior: Prior;
  /** Floats that one sample's are kept in, where fewer than its numbers: entries of a codebook are whole numbers. */
  readonly floats?: number;
  /** True where a sample's is drawn by a key whatever the sample is: kept as a seed, unless it moves. */
  readonly keyed?: boolean;
}

/** Codes on the host, by part; every array's first axis counts the samples. */
export type Codes = Readonly<Record<string, Tensor>>;
/** The same while traced. */
export type TracedCodes = { [part: string]: Traced };
