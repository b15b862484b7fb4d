import type { StageMaker } from "../../hypotheses/layers/stage.ts";
import { enlarged } from "../bodies/enlarge.ts";

/** Every pixel four times: [n, C, H, W] → [n, C, 2H, 2W]. */
export const doubled: StageMaker = (input) => {
  const [, height, width] = input as [number, number, number];
  return enlarged(2 * height, 2 * width)(input);
};
