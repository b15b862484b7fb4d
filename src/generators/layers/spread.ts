import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";

/**
 * The transposed convolution of [n, C, H, W] with stride s: zeros between pixels, then a correlation with a kernel that is flipped and has its
 * axes swapped already, weight [C', C, k, k] of PyTorch's [C, C', k, k]. A side becomes (H − 1) s + k − 2 padding. Each of the s · s
 * phases of the result is a convolution of its own with the taps that meet pixels, so that no zero is multiplied. Consumes both.
 */
export function spread(x: Traced, weight: Traced, stride: number, padding: number): Traced {
  const [n, , height, width] = x.shape as [number, number, number, number];
  const [out, depth, kernel] = weight.shape as [number, number, number];
  const taps = Math.ceil(kernel / stride);
  const whole = taps * stride;
  const sides = [height, width].map((side) => (side - 1) * stride + kernel - 2 * padding) as [number, number];
  // Taps are counted from the end of a flipped kernel: one that the stride does not divide gets zeros in front.
  const front: [number, number] = [whole - kernel, 0];
  const filled = whole === kernel ? weight : np.pad(weight, [[0, 0], [0, 0], front, front]);
  const split = filled.reshape([out, depth, taps, stride, taps, stride]);
  const phases = Array.from({ length: stride }, (_, r) => phaseOf(r, stride, padding, taps));
  const count = sides.map((side) => Math.ceil(side / stride)) as [number, number];
  const pads = (side: number, own: number, before: number): [number, number] => [
    before,
    own - side - before + taps - 1,
  ];
  const rows = phases.map((down) =>
    np.stack(
      phases.map((across) =>
        lax.convGeneralDilated(
          x.ref,
          split.ref.slice([], [], [], down.tap, [], across.tap),
          [1, 1],
          [pads(height, count[0], down.before), pads(width, count[1], across.before)],
        ),
      ),
      4,
    ),
  );
  for (const read of [x, split]) read.dispose();
  const joined = np.stack(rows, 3).reshape([n, out, count[0] * stride, count[1] * stride]);
  const full = sides.every((side, i) => side === count[i]! * stride);
  return full ? joined : joined.slice([], [], [0, sides[0]], [0, sides[1]]);
}

/** Of the outputs s i + r: the place of their taps among s of the flipped kernel, and the pixels that the first of them lies before. */
function phaseOf(r: number, stride: number, padding: number, taps: number) {
  const first = (r + padding) % stride;
  return { tap: stride - 1 - first, before: taps - 1 - (r + padding - first) / stride };
}

/** Every pixel as `by` × `by` of its value: [n, C, H, W] → [n, C, by · H, by · W]. */
export function enlarged(x: Traced, by = 2): Traced {
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  return np
    .broadcastTo(x.reshape([n, channels, height, 1, width, 1]), [n, channels, height, by, width, by])
    .reshape([n, channels, by * height, by * width]);
}
