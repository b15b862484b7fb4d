import { type Cited, number, type OptionRules, type OptionValues, work } from "../../engine/index.ts";
import { coveringCentres } from "./selection.ts";

/** Chooses `count` of n points of dimension d for their distance from all of them; resolves to their positions. */
export type CoveringSelection = (
  points: Float32Array,
  d: number,
  count: number,
  signal?: AbortSignal,
) => Promise<number[]>;

/** A rule by which a coreset is chosen for its distance from T. */
export interface CoveringRule extends Cited {
  /** What may be set of it, as `selection.<option>`. */
  readonly options: OptionRules;
  /** The choice itself, with every option resolved. */
  readonly make: (options: OptionValues) => CoveringSelection;
}

/**
 * The subset of least Hausdorff distance from T (Chen and Selvan 2025; §5.1.4). With slack any subset whose distance is at
 * most that share above the least will do, and the one whose mean is nearest to T's is taken: another criterion than the
 * distance, and with one image a class mostly the choice that herding makes.
 */
export const minimumFiniteCovering: CoveringRule = {
  citation: work(
    "T. Chen and R. Selvan",
    2025,
    "Is adversarial training with compressed datasets effective?",
    "Image Analysis",
  ),
  options: {
    slack: number(
      0,
      0,
      undefined,
      "share by which a covering's radius may exceed the least, for a mean nearer to the class's",
    ),
  },
  make:
    ({ slack }) =>
    (points, d, count, signal) =>
      coveringCentres(points, d, count, { slack: Number(slack), signal }),
};
