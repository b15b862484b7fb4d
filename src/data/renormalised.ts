import { changeOfUnits } from "./changeOfUnits.ts";
import type { Normalisation } from "./dataset.ts";
import { unwhiten, whiten } from "./whiten.ts";

/**
 * Images of one normalisation in another, whatever scale each was stored on: equal pictures become equal values.
 *
 * @param images [n, channels, height, width]
 * @param names of both sides, for the error
 * @throws AttarError "unknown-scale" where one side's units are known and the other's are not
 */
export function renormalised(
  images: Float32Array,
  shape: readonly [number, number, number],
  from: Normalisation,
  to: Normalisation,
  names: readonly [string, string],
): Float32Array {
  const out = images.slice();
  if (from.zca) unwhiten(out, from.zca);
  const { gain, shift } = changeOfUnits(from, to, shape, names);
  const [channels, height, width] = shape;
  const plane = height * width;
  for (let i = 0; i < out.length; i++) {
    const c = Math.floor(i / plane) % channels;
    const value = gain * (out[i]! * from.std[c]! + from.mean[c]!) + shift;
    out[i] = (value - to.mean[c]!) / to.std[c]!;
  }
  if (to.zca) whiten(out, to.zca);
  return out;
}
