import { badData } from "../badData.ts";
import type { Split } from "../dataset.ts";
import type { Inflate } from "./inflate.ts";
import { parseMatlab } from "./matlab.ts";

/**
 * Reads SVHN's cropped digits (`train_32x32.mat`): X [32, 32, 3, n] of bytes, column-major, and y with 10 for digit 0.
 *
 * @returns images [n, 3, 32, 32], labels 0 to 9
 * @throws AttarError "bad-data"
 */
export function parseSvhn(bytes: Uint8Array, where: string, unpack?: Inflate): Split {
  const arrays = parseMatlab(bytes, where, unpack);
  const x = arrays.get("X");
  const y = arrays.get("y");
  if (!x || !y) throw badData(where, "an SVHN file has arrays X and y");
  const [height = 0, width = 0, channels = 0, count = 1] = x.dims;
  if (height !== 32 || width !== 32 || channels !== 3 || x.dims.length > 4 || !(x.data instanceof Uint8Array))
    throw badData(
      where,
      `X is [${x.dims}], expected bytes of [32,32,3,n]`,
      "Arrays of other shapes are read by their names: --images X --label y",
    );
  if (y.data.length !== count) throw badData(where, `X holds ${count} images, y ${y.data.length} labels`);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const digit = y.data[i]!;
    if (!(Number.isInteger(digit) && digit >= 1 && digit <= 10))
      throw badData(where, `label ${i} is ${digit}, out of range 1 to 10`);
    labels[i] = digit % 10;
  }
  const images = new Uint8Array(x.data.length);
  const source = x.data;
  for (let plane = 0; plane < count * 3; plane++) {
    const base = plane * 1024;
    for (let column = 0; column < 32; column++)
      for (let row = 0; row < 32; row++) images[base + row * 32 + column] = source[base + column * 32 + row]!;
  }
  return { images, labels };
}
