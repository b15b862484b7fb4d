/**
 * A drawing as a sample of a dataset, by the dataset's own geometry: networks know digits of that size and place alone, and a raw
 * canvas gives wrong answers for which the set would be blamed.
 */

/** Ink of a drawing, 0 to 1: [side, side]. */
export interface Ink {
  readonly data: Float32Array;
  readonly side: number;
}

/** The box of what is drawn; undefined where nothing is. */
function boxOf({ data, side }: Ink): { left: number; top: number; width: number; height: number } | undefined {
  let [left, top, right, bottom] = [side, side, -1, -1];
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      if (data[y * side + x]! > 0.1) {
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * What is drawn, its box brought to `size` pixels at its longer side and averaged over areas.
 *
 * @returns [height, width] of 0 to 1
 */
function fitted(ink: Ink, size: number): { data: Float32Array; width: number; height: number } | undefined {
  const box = boxOf(ink);
  if (!box) return undefined;
  const scale = size / Math.max(box.width, box.height);
  const width = Math.max(1, Math.round(box.width * scale));
  const height = Math.max(1, Math.round(box.height * scale));
  const data = new Float32Array(width * height);
  const [stepX, stepY] = [box.width / width, box.height / height];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data[y * width + x] = meanOver(ink, box.left + x * stepX, box.top + y * stepY, stepX, stepY);
  return { data, width, height };
}

/** The mean ink over a rectangle, its edges counted by their share. */
function meanOver({ data, side }: Ink, left: number, top: number, width: number, height: number): number {
  let sum = 0;
  for (let y = Math.floor(top); y < Math.min(side, Math.ceil(top + height)); y++) {
    const high = Math.min(y + 1, top + height) - Math.max(y, top);
    for (let x = Math.floor(left); x < Math.min(side, Math.ceil(left + width)); x++)
      sum += data[y * side + x]! * high * (Math.min(x + 1, left + width) - Math.max(x, left));
  }
  return sum / (width * height);
}

/**
 * A drawing in MNIST's geometry: within 20x20 pixels, its centre of mass in the middle of 28x28, grey levels of 0 to 255.
 *
 * @returns [28, 28]; blank where nothing is drawn
 */
export function asMnist(ink: Ink): Uint8Array {
  const out = new Uint8Array(28 * 28);
  const own = fitted(ink, 20);
  if (!own) return out;
  let [mass, sumX, sumY] = [0, 0, 0];
  for (const [i, v] of own.data.entries()) {
    mass += v;
    sumX += v * ((i % own.width) + 0.5);
    sumY += v * (Math.floor(i / own.width) + 0.5);
  }
  const [left, top] = [Math.round(14 - sumX / mass), Math.round(14 - sumY / mass)];
  for (const [i, v] of own.data.entries()) {
    const [x, y] = [left + (i % own.width), top + Math.floor(i / own.width)];
    if (x >= 0 && x < 28 && y >= 0 && y < 28) out[y * 28 + x] = Math.round(255 * v);
  }
  return out;
}

/**
 * A drawing in the geometry of `digits`: a bitmap of 32x32 that the digit fills at its longer side, in the middle; of each 4x4
 * pixels the number that are set, 0 to 16.
 *
 * @returns [8, 8]; blank where nothing is drawn
 */
export function asDigits(ink: Ink): Uint8Array {
  const out = new Uint8Array(8 * 8);
  const own = fitted(ink, 32);
  if (!own) return out;
  const [left, top] = [Math.floor((32 - own.width) / 2), Math.floor((32 - own.height) / 2)];
  for (const [i, v] of own.data.entries()) {
    if (v < 0.5) continue;
    const [x, y] = [left + (i % own.width), top + Math.floor(i / own.width)];
    out[Math.floor(y / 4) * 8 + Math.floor(x / 4)]!++;
  }
  return out;
}
