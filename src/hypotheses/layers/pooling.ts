import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { tooSmall } from "./conv2d.ts";
import { plain, type StageMaker } from "./stage.ts";

export type Pooling = "avg" | "max" | "none";

export const poolings: readonly Pooling[] = ["avg", "max", "none"];

/**
 * Mean or maximum over 2x2 windows with stride 2; an odd last row or column is dropped, as in PyTorch.
 *
 * @throws AttarError "input-too-small" for maps below 2x2.
 */
export function pool2x2(layer: string, kind: Pooling): StageMaker {
  return (input) => {
    if (kind === "none") return plain(input, (x) => x);
    const [channels, height, width] = input as [number, number, number];
    if (Math.min(height, width) < 2) throw tooSmall(layer, "2x2 pooling", input);
    const output = [channels, height >> 1, width >> 1];
    const over = (reduce: (window: Traced) => Traced) => (x: Traced) => lax.reduceWindow(x, reduce, [2, 2], [2, 2]);
    const sums = over((w) => np.sum(w));
    return plain(output, kind === "max" ? over((w) => np.max(w)) : (x) => sums(x).mul(0.25));
  };
}

/** Mean over the whole map: [n, C, H, W] → [n, C]. */
export const globalAverage: StageMaker = (input) => plain([input[0]!], (x) => np.mean(x, [2, 3]));
