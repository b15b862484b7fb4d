import type { RandomKey } from "../engine/index.ts";

/**
 * `count` positions below `n`: drawn without repetition as long as there are enough, then from all again, so that no position
 * comes up twice more often than another.
 */
export function repeatedDraw(key: RandomKey, n: number, count: number): Uint32Array {
  const out = new Uint32Array(count);
  for (let at = 0; at < count; at += n) {
    const round = at === 0 ? key : key.fold("again").fold(at / n);
    out.set(round.permutation(n, Math.min(n, count - at)), at);
  }
  return out;
}

/** The first `count` of the items, from the front again where there are fewer. */
export const cycled = <T>(items: readonly T[], count: number): T[] =>
  Array.from({ length: count }, (_, i) => items[i % items.length]!);
