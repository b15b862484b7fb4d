import { changeOfUnits } from "../data/changeOfUnits.ts";
import type { Normalisation, Zca } from "../data/dataset.ts";
import { unwhiten, whiten } from "../data/whiten.ts";

const sameNumbers = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  a.length === b.length && Array.from(a).every((v, i) => v === b[i]);

function sameZca(a: Zca | undefined, b: Zca | undefined): boolean {
  if (!a || !b) return a === b;
  return a === b || (sameNumbers(a.mean, b.mean) && sameNumbers(a.whiten, b.whiten));
}

/** Tells whether two normalisations in the same units give the same values. */
export const sameNormalisation = (a: Normalisation, b: Normalisation): boolean =>
  sameNumbers(a.mean, b.mean) && sameNumbers(a.std, b.std) && sameZca(a.zca, b.zca);

/**
 * Images from one normalisation to another, nothing clipped: whitening undone, deviations and means exchanged, units brought
 * to the other's, whitened again. The images themselves where both are the same.
 *
 * @param images [n, channels, height, width]
 * @param names of both sides, for the error
 * @throws AttarError "unknown-scale" where the units of one side alone are known
 */
export function renormalise(
  images: Float32Array,
  shape: readonly [number, number, number],
  from: Normalisation,
  to: Normalisation,
  names: readonly [string, string] = ["one side", "the other"],
): Float32Array {
  const [channels, height, width] = shape;
  const unit = changeOfUnits(from, to, shape, names);
  if (unit.gain === 1 && unit.shift === 0 && sameNormalisation(from, to)) return images;
  const out = images.slice();
  if (from.zca) unwhiten(out, from.zca);
  const plane = height * width;
  for (let start = 0, block = 0; start < out.length; start += plane, block++) {
    const c = block % channels;
    const gain = (unit.gain * from.std[c]!) / to.std[c]!;
    const shift = (unit.gain * from.mean[c]! + unit.shift - to.mean[c]!) / to.std[c]!;
    for (let i = start; i < start + plane; i++) out[i] = out[i]! * gain + shift;
  }
  if (to.zca) whiten(out, to.zca);
  return out;
}
