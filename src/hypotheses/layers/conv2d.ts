import { lax } from "@jax-js/jax";
import { AttarError } from "../../engine/index.ts";
import type { Initial, StageMaker } from "./stage.ts";

export interface Conv2dOptions {
  /** Output channels. */
  readonly channels: number;
  /** Side of the square kernel. */
  readonly kernel: number;
  /** 1 when left out. */
  readonly stride?: number;
  /** Zeros on every side; 0 when left out. */
  readonly padding?: number;
  /** true when left out. */
  readonly bias?: boolean;
}

/**
 * Two-dimensional convolution (cross-correlation) with zero padding: [n, C, H, W] → [n, C', H', W'],
 * H' = ⌊(H + 2·padding − kernel) / stride⌋ + 1. Weight [C', C, kernel, kernel] and bias [C'] start uniform in
 * ±1/√(C·kernel²): PyTorch's default, He et al. (2015) with a = √5.
 *
 * @throws AttarError "input-too-small" where the kernel is larger than the padded input.
 */
export function conv2d(
  layer: string,
  { channels, kernel, stride = 1, padding = 0, bias = true }: Conv2dOptions,
): StageMaker {
  return (input) => {
    const [depth, height, width] = input as [number, number, number];
    if (Math.min(height, width) + 2 * padding < kernel) throw tooSmall(layer, `its ${kernel}x${kernel} kernel`, input);
    const side = (n: number) => Math.floor((n + 2 * padding - kernel) / stride) + 1;
    const bound = 1 / Math.sqrt(depth * kernel * kernel);
    const weight: Initial = { shape: [channels, depth, kernel, kernel], start: { bound } };
    const tensors: Record<string, Initial> = bias
      ? { weight, bias: { shape: [channels], start: { bound } } }
      : { weight };
    const pads: [number, number][] = [
      [padding, padding],
      [padding, padding],
    ];
    return {
      parameters: { [layer]: tensors },
      statistics: {},
      output: [channels, side(height), side(width)],
      apply: (params, x) => {
        const own = params[layer]!;
        const y = lax.convGeneralDilated(x, own.weight!, [stride, stride], pads);
        return bias ? y.add(own.bias!.reshape([1, channels, 1, 1])) : y;
      },
    };
  };
}

/** The error of a layer whose input map has become too small for it. */
export function tooSmall(layer: string, what: string, map: readonly number[]): AttarError {
  const [, height, width] = map;
  return new AttarError(
    "input-too-small",
    `the images are too small: layer ${layer} receives a ${height}x${width} map, too small for ${what}`,
    "Choose a network that shrinks its input less, such as convnet:depth=1 or mlp.",
  );
}
