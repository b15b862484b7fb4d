import { type RandomKey, type Tensor, tensor } from "../../engine/index.ts";

/**
 * CutMix (Yun et al. 2019) with probability 1/2, as IDC trains its networks: a box of every image is taken from another
 * image of the batch, its sides √(1 − λ) of the image's, λ uniform; targets are mixed by the area that was really pasted.
 *
 * @param images [n, C, H, W]. @param targets [n, classes].
 */
export function cutMix(images: Tensor, targets: Tensor, key: RandomKey): { images: Tensor; targets: Tensor } {
  if (key.fold("whether").number() >= 0.5) return { images, targets };
  const [n, channels, height, width] = images.shape as [number, number, number, number];
  const classes = targets.shape[1]!;
  const side = Math.sqrt(1 - key.fold("share").number());
  const span = (name: string, extent: number): [number, number] => {
    const half = Math.floor((extent * side) / 2);
    const centre = key.fold(name).integer(extent);
    return [Math.max(0, centre - half), Math.min(extent, centre + half)];
  };
  const [top, bottom] = span("row", height);
  const [left, right] = span("column", width);
  const share = ((bottom - top) * (right - left)) / (height * width);
  const partner = key.fold("partner").permutation(n);
  const mixed = images.data.slice() as Float32Array;
  const wanted = new Float32Array(n * classes);
  for (let i = 0; i < n; i++) {
    const j = partner[i]!;
    for (let c = 0; c < channels; c++)
      for (let y = top; y < bottom; y++) {
        const row = (image: number) => ((image * channels + c) * height + y) * width;
        mixed.set(images.data.subarray(row(j) + left, row(j) + right), row(i) + left);
      }
    for (let k = 0; k < classes; k++)
      wanted[i * classes + k] = (1 - share) * targets.data[i * classes + k]! + share * targets.data[j * classes + k]!;
  }
  return { images: tensor(mixed, images.shape), targets: tensor(wanted, targets.shape) };
}
