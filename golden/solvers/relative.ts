import type { Params } from "../../src/hypotheses/network.ts";

/** Relative error ‖a − b‖ / ‖b‖; infinite where lengths differ. */
export function relative(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [difference, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference += (got[i]! - expected[i]!) ** 2;
    scale += expected[i]! ** 2;
  }
  return Math.sqrt(difference / scale);
}

/** All values of a tree in the order in which `like` names them, which is PyTorch's for a network's own parameters. */
export function inOrderOf(like: Params, params: Params): number[] {
  return Object.entries(like).flatMap(([layer, tensors]) =>
    Object.keys(tensors).flatMap((name) => [...params[layer]![name]!.data]),
  );
}
