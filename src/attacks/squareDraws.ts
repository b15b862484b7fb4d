import type { RandomKey } from "../engine/index.ts";

/** The random choices of a square attack. What all images of a query share is drawn once; what is an image's own, by its number. */
export interface SquareDraws {
  /** −1 or 1, `count` of them, of an image before the first query (`part` 0 on: its tiles) or in a query. */
  signs(
    of: { readonly id: number; readonly part: number } | { readonly part: number },
    count: number,
  ): ArrayLike<number>;
  /** A whole number from 0 to below `bound`, 0 where that is 0: `which` tells those of a query apart. */
  below(query: number, which: number, bound: number): number;
  /** Whether a pattern stands on its side. */
  turned(query: number): boolean;
}

/** Draws by a key. */
export function keyedDraws(key: RandomKey): SquareDraws {
  return {
    signs: (of, count) => {
      const own = key.fold("signs").fold(of.part);
      return ("id" in of ? own.fold(of.id) : own).bits(count).map((b) => b & 1) as ArrayLike<number>;
    },
    below: (query, which, bound) => Math.floor(key.fold("place").fold(query).fold(which).number() * bound),
    turned: (query) => key.fold("turned").fold(query).number() > 0.5,
  };
}
