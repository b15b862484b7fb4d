import type { Pixels } from "./pixels.ts";

/** A part of an image, in pixels from its upper left corner; its edges may lie within pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Bits behind the point of a weight: those of Pillow, for 8 bits a pixel. */
const precision = 22;

/** The weights of one side: each output position has those of `count[i]` inputs from `first[i]` on. */
interface Weights {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** [positions, most], in 2^-22 for bytes, else as they are. */
  readonly values: Int32Array | Float64Array;
  readonly most: number;
}

/**
 * A part of an image scaled to a size, with a triangle filter as wide as an output pixel where the image becomes smaller
 * (antialiased) and bilinear where it becomes larger: first across, then down. Bytes are computed in whole numbers, so that they
 * are the same on every machine, and are those of Pillow's `resize(size, BILINEAR, box)`; Pillow 13 goes down first where an image
 * is tall, and is then up to one level off.
 *
 * @returns [channels, height, width]
 */
export function resample(image: Pixels, height: number, width: number, box: Box = whole(image)): Pixels {
  const { channels } = image;
  const words = image.data instanceof Uint16Array;
  const across = weightsOf(image.width, box.left, box.right, width, words);
  const down = weightsOf(image.height, box.top, box.bottom, height, words);
  const top = down.first[0]!;
  const rows = down.first[height - 1]! + down.count[height - 1]! - top;
  const sizes = { channels, rows, width, height };
  const middle = horizontal(image, across, top, sizes);
  const plane = height * width;
  const out = words ? new Uint16Array(channels * plane) : new Uint8Array(channels * plane);
  vertical(middle, down, top, sizes, out);
  return { ...image, channels, height, width, data: out, interleaved: false };
}

const whole = ({ width, height }: Pixels): Box => ({ left: 0, top: 0, right: width, bottom: height });

interface Sizes {
  readonly channels: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
}

/** The rows from `top` on with their new width: [channels, rows, width]. */
function horizontal(image: Pixels, across: Weights, top: number, { channels, rows, width }: Sizes) {
  const { data, interleaved, width: columns, height } = image;
  const [step, colour] = interleaved ? [channels, 1] : [1, columns * height];
  const words = data instanceof Uint16Array;
  const out = words ? new Float64Array(channels * rows * width) : new Uint8Array(channels * rows * width);
  const { first, count, values, most } = across;
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < rows; y++) {
      const row = c * colour + (top + y) * columns * step;
      const to = (c * rows + y) * width;
      for (let x = 0; x < width; x++) {
        let sum = words ? 0 : 1 << (precision - 1);
        let at = row + first[x]! * step;
        const weights = x * most;
        const n = count[x]!;
        for (let k = 0; k < n; k++, at += step) sum += data[at]! * values[weights + k]!;
        out[to + x] = words ? sum : sum >> precision;
      }
    }
  return out;
}

function vertical(
  middle: Uint8Array | Float64Array,
  { first, count, values, most }: Weights,
  top: number,
  { channels, rows, width, height }: Sizes,
  out: Uint8Array | Uint16Array,
): void {
  const words = out instanceof Uint16Array;
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++) {
      const n = count[y]!;
      const weights = y * most;
      const from = (c * rows + first[y]! - top) * width;
      const to = (c * height + y) * width;
      for (let x = 0; x < width; x++) {
        let sum = words ? 0 : 1 << (precision - 1);
        for (let k = 0, at = from + x; k < n; k++, at += width) sum += middle[at]! * values[weights + k]!;
        out[to + x] = words ? Math.round(sum) : sum >> precision;
      }
    }
}

/** Weights of late, by what they depend on: most images of a dataset have few sizes. */
const kept = new Map<string, Weights>();
const mostKept = 256;

function weightsOf(inputs: number, from: number, to: number, outputs: number, words: boolean): Weights {
  const key = `${inputs} ${from} ${to} ${outputs} ${words}`;
  const known = kept.get(key);
  if (known) return known;
  const made = makeWeights(inputs, Math.fround(from), Math.fround(to), outputs, words);
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, made);
  return made;
}

function makeWeights(inputs: number, from: number, to: number, outputs: number, words: boolean): Weights {
  const scale = Math.fround(to - from) / outputs;
  const support = Math.max(1, scale);
  const most = Math.ceil(support) * 2 + 1;
  const [first, count] = [new Int32Array(outputs), new Int32Array(outputs)];
  const values = words ? new Float64Array(outputs * most) : new Int32Array(outputs * most);
  const raw = new Float64Array(most);
  for (let i = 0; i < outputs; i++) {
    const centre = from + (i + 0.5) * scale;
    const least = Math.max(0, Math.trunc(centre - support + 0.5));
    const n = Math.min(inputs, Math.trunc(centre + support + 0.5)) - least;
    let sum = 0;
    for (let k = 0; k < n; k++) {
      raw[k] = Math.max(0, 1 - Math.abs((k + least - centre + 0.5) * (1 / support)));
      sum += raw[k]!;
    }
    for (let k = 0; k < n; k++) {
      const weight = sum === 0 ? raw[k]! : raw[k]! / sum;
      values[i * most + k] = words ? weight : Math.trunc(0.5 + weight * 2 ** precision);
    }
    first[i] = least;
    count[i] = n;
  }
  return { first, count, values, most };
}
