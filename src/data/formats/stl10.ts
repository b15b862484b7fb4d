import { badData } from "../badData.ts";
import type { Split } from "../dataset.ts";

const side = 96;
const pixels = 3 * side * side;

/**
 * Reads STL-10's binaries (`train_X.bin`, `train_y.bin`): images of 96 x 96 bytes, one colour after the other, each column by
 * column; labels of a byte each, from 1.
 *
 * @returns images [n, 3, 96, 96], labels 0 to 9
 * @throws AttarError "bad-data"
 */
export function parseStl10(
  images: { readonly bytes: Uint8Array; readonly where: string },
  labels: { readonly bytes: Uint8Array; readonly where: string },
): Split {
  const count = images.bytes.length / pixels;
  if (!Number.isInteger(count) || count === 0)
    throw badData(
      images.where,
      `${images.bytes.length} bytes is no whole number of images of ${pixels} bytes (cut short?)`,
    );
  if (labels.bytes.length !== count)
    throw badData(labels.where, `${labels.bytes.length} labels for ${count} images of ${images.where}`);
  const out = new Uint8Array(images.bytes.length);
  for (let plane = 0; plane < 3 * count; plane++) {
    const from = plane * side * side;
    for (let column = 0; column < side; column++)
      for (let row = 0; row < side; row++) out[from + row * side + column] = images.bytes[from + column * side + row]!;
  }
  const own = Int32Array.from(labels.bytes, (label, i) => {
    if (label < 1 || label > 10) throw badData(labels.where, `label ${i} is ${label}, out of range 1 to 10`);
    return label - 1;
  });
  return { images: out, labels: own };
}
