import { sha256 } from "../data/checksum.ts";
import type { CondensedSet } from "../data/dataset.ts";

/** What one trained network came to. */
export interface Score {
  /** Accuracy on the test split, in 0..1. */
  readonly accuracy: number;
  /** Seconds its training and scoring took. */
  readonly seconds: number;
}

/** Where the scores of trained networks are kept, so that an interrupted evaluation does not train them again. */
export interface ScoreStore {
  get(key: string): Score | undefined;
  set(key: string, score: Score): Promise<void>;
}

/** A name of what was trained: equal for equal content. Everything that an accuracy depends on belongs in it. */
export const scoreKey = (content: object): Promise<string> => sha256(new TextEncoder().encode(JSON.stringify(content)));

/** SHA-256 of a set's images and labels. */
export async function setDigest({ images, labels, softLabels }: CondensedSet): Promise<string> {
  const parts = [images, softLabels ?? Int32Array.from(labels)];
  const digests = parts.map((p) => sha256(new Uint8Array(p.buffer, p.byteOffset, p.byteLength)));
  return (await Promise.all(digests)).join(" ");
}
