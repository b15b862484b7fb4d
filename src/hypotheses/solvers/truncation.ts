import { AttarError, type RandomKey } from "../../engine/index.ts";

/**
 * Which of at most `total` inner steps are differentiated: a window of `window` steps that
 * - `end`: ends the training, always;
 * - `forward`: starts at 0 and moves on by `window` each time that `stage` grows;
 * - `random`: starts anywhere from `earliest` to total − window, each start equally likely.
 *
 * Source: RaT-BPTT (Feng, Vedantam and Kempe 2024), options cctype 0, 1 and 2 of its code.
 */
export interface Truncation {
  readonly kind: "end" | "forward" | "random";
  readonly window: number;
  readonly total: number;
  /** First start that is drawn; 0. */
  readonly earliest?: number;
}

/**
 * Inner steps in all, of which the last `window` are differentiated: what {@link InnerSchedule} takes. The authors draw once for
 * ten outer steps: the key and the stage are then those of the ten.
 *
 * @throws AttarError "invalid-truncation" where the window does not fit.
 */
export function truncated(truncation: Truncation, key: RandomKey, stage = 0): { steps: number; window: number } {
  const { kind, window, total, earliest = 0 } = truncation;
  const latest = total - window;
  if (!Number.isInteger(window) || !Number.isInteger(total) || window < 1 || latest < 0)
    throw new AttarError(
      "invalid-truncation",
      `a window of ${window} steps does not fit into ${total} inner steps`,
      "Choose a window from 1 to the number of inner steps.",
    );
  if (!(Number.isInteger(earliest) && earliest >= 0 && earliest <= latest))
    throw new AttarError(
      "invalid-truncation",
      `windows of ${window} in ${total} inner steps start from 0 to ${latest}, not at ${earliest}`,
      `Choose an earliest start of at most ${latest}.`,
    );
  const start = {
    end: () => latest,
    forward: () => Math.min(latest, earliest + stage * window),
    random: () => earliest + key.integer(latest - earliest + 1),
  }[kind]();
  return { steps: start + window, window };
}
