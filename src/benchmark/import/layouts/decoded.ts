import { enlargement } from "../../../synthetic/formation.ts";

/**
 * Stored images of factor × factor tiles as whole ones, each tile enlarged bilinearly: IDC's decoding (Kim et al. 2022). A side that the
 * factor does not divide is padded below and to the right.
 *
 * @param images [n, C, H, W]
 * @param padding the value of padding pixels
 * @returns [factor² n, C, H, W], the first tile of all images first
 */
export function decoded(
  images: Float32Array,
  [, height, width]: readonly [number, number, number],
  factor: number,
  padding: number,
): Float32Array {
  const [h, w] = [Math.ceil(height / factor), Math.ceil(width / factor)];
  const [down, across] = [enlargement(h, height), enlargement(w, width)];
  const plane = height * width;
  const planes = images.length / plane;
  const out = new Float32Array(images.length * factor * factor);
  const rows = new Float32Array(h * width);
  for (let tile = 0; tile < factor * factor; tile++) {
    const [top, left] = [Math.floor(tile / factor) * h, (tile % factor) * w];
    const at = (p: number, y: number, x: number) =>
      top + y < height && left + x < width ? images[p * plane + (top + y) * width + left + x]! : padding;
    for (let p = 0; p < planes; p++) {
      for (let y = 0; y < h; y++)
        for (let x = 0; x < width; x++) {
          let sum = 0;
          for (let k = 0; k < w; k++) sum += across[k * width + x]! * at(p, y, k);
          rows[y * width + x] = sum;
        }
      const to = (tile * planes + p) * plane;
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          let sum = 0;
          for (let k = 0; k < h; k++) sum += down[k * height + y]! * rows[k * width + x]!;
          out[to + y * width + x] = sum;
        }
    }
  }
  return out;
}
