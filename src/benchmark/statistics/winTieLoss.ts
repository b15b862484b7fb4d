import type { Interval } from "./interval.ts";
import { overlap } from "./interval.ts";
import type { Better } from "./ranks.ts";

export interface WinTieLoss {
  readonly win: number;
  readonly tie: number;
  readonly loss: number;
}

/** A value with the interval that it is known to. */
export interface Measured extends Interval {
  readonly mean: number;
}

/** How often one method beats another over blocks; where their intervals overlap it is a tie. */
export function winTieLoss(pairs: readonly (readonly [own: Measured, other: Measured])[], better: Better): WinTieLoss {
  const count = { win: 0, tie: 0, loss: 0 };
  for (const [own, other] of pairs) {
    if (overlap(own, other)) count.tie++;
    else if (own.mean > other.mean === (better === "higher")) count.win++;
    else count.loss++;
  }
  return count;
}
