import type { Normalisation, Zca } from "../data/dataset.ts";
import { unwhiten, whiten } from "../data/whiten.ts";

const sameNumbers = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  a.length === b.length && Array.from(a).every((v, i) => v === b[i]);

function sameZca(a: Zca | undefined, b: Zca | undefined): boolean {
  if (!a || !b) return a === b;
  return a === b || (sameNumbers(a.mean, b.mean) && sameNumbers(a.whiten, b.whiten));
}

/** Whether two normalisations give the same values; the scale of the stored pixels does not matter. */
export const sameNormalisation = (a: Normalisation, b: Normalisation): boolean =>
  sameNumbers(a.mean, b.mean) && sameNumbers(a.std, b.std) && sameZca(a.zca, b.zca);

/**
 * Images from one normalisation to another, nothing clipped: whitening undone, deviations and means exchanged, whitened
 * again. The images themselves where both are the same.
 *
 * @param images [n, channels, height, width]
 */
export function renormalise(
  images: Float32Array,
  [channels, height, width]: readonly [number, number, number],
  from: Normalisation,
  to: Normalisation,
): Float32Array {
  if (sameNormalisation(from, to)) return images;
  const out = images.slice();
  if (from.zca) unwhiten(out, from.zca);
  const plane = height * width;
  for (let start = 0, block = 0; start < out.length; start += plane, block++) {
    const c = block % channels;
    const gain = from.std[c]! / to.std[c]!;
    const shift = (from.mean[c]! - to.mean[c]!) / to.std[c]!;
    for (let i = start; i < start + plane; i++) out[i] = out[i]! * gain + shift;
  }
  if (to.zca) whiten(out, to.zca);
  return out;
}
