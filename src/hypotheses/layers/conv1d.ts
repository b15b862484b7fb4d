import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { tooSmall } from "./conv2d.ts";
import type { Pooling } from "./pooling.ts";
import { plain, type StageMaker } from "./stage.ts";

/**
 * Convolution over time (cross-correlation) that keeps its length, zeros beyond the ends: [n, C, T, 1] → [n, C', T, 1]. Weight
 * [C', C, kernel] and bias [C'] start uniform in ±1/√(C·kernel), as PyTorch's do.
 *
 * @param kernel odd
 */
export function conv1d(layer: string, channels: number, kernel: number): StageMaker {
  return (input) => {
    const [depth, length] = input as [number, number];
    const bound = 1 / Math.sqrt(depth * kernel);
    const reach = (kernel - 1) / 2;
    return {
      parameters: {
        [layer]: {
          weight: { shape: [channels, depth, kernel], start: { bound } },
          bias: { shape: [channels], start: { bound } },
        },
      },
      statistics: {},
      output: [channels, length, 1],
      apply(params, x) {
        const n = x.shape[0]!;
        const { weight, bias } = params[layer]!;
        const padded = np.pad(x.reshape([n, depth, length]), [
          [0, 0],
          [0, 0],
          [reach, reach],
        ]);
        // What lies under the kernel at each time, [n, C, kernel, T], as rows.
        const shifted = Array.from({ length: kernel }, (_, k) =>
          padded.ref.slice([], [], [k, k + length]).reshape([n, depth, 1, length]),
        );
        padded.dispose();
        const rows = np
          .concatenate(shifted, 2)
          .transpose([0, 3, 1, 2])
          .reshape([n * length, depth * kernel]);
        const taps = weight!.reshape([channels, depth * kernel]).transpose([1, 0]);
        const y = np.matmul(rows, taps).add(bias!.reshape([1, channels]));
        return y.reshape([n, length, channels]).transpose([0, 2, 1]).reshape([n, channels, length, 1]);
      },
    };
  };
}

/**
 * Mean or maximum over two times with stride 2; an odd last one is dropped.
 *
 * @throws AttarError "input-too-small" for a single time
 */
export function pool1d(layer: string, kind: Pooling): StageMaker {
  return (input) => {
    if (kind === "none") return plain(input, (x) => x);
    const [channels, length] = input as [number, number];
    if (length < 2) throw tooSmall(layer, "pooling of two", input);
    const half = length >> 1;
    const pairs = (x: Traced) =>
      x
        .reshape([x.shape[0]!, channels, length])
        .slice([], [], [0, 2 * half])
        .reshape([-1, channels, half, 2]);
    const pooled = kind === "max" ? (x: Traced) => np.max(pairs(x), 3) : (x: Traced) => np.sum(pairs(x), 3).mul(0.5);
    return plain([channels, half, 1], (x) => pooled(x).reshape([-1, channels, half, 1]));
  };
}
