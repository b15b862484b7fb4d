import { numpy as np } from "@jax-js/jax";
import { plain, type StageMaker } from "../../hypotheses/layers/stage.ts";

/** Every pixel four times, cut at bottom and right to [height, width] where that is less: [n, C, h, w] → [n, C, height, width]. */
export const enlarged =
  (height: number, width: number): StageMaker =>
  (input) => {
    const [channels, h, w] = input as [number, number, number];
    return plain([channels, height, width], (x) => {
      const n = x.shape[0]!;
      const whole = np
        .broadcastTo(x.reshape([n, channels, h, 1, w, 1]), [n, channels, h, 2, w, 2])
        .reshape([n, channels, 2 * h, 2 * w]);
      return height === 2 * h && width === 2 * w ? whole : whole.slice([], [], [0, height], [0, width]);
    });
  };
