import { type RandomKey, Tensor, type TensorData } from "../../engine/index.ts";
import type { WeightedPoints } from "../../hypotheses/kernels/index.ts";
import { drawnByWeight } from "../measures/index.ts";

/**
 * Independent draws from a measure, of equal weight. The points themselves enter the key: one key draws independently from two
 * sets, whichever comes first, and the same from two equal ones.
 */
export function drawn({ points, weights }: WeightedPoints, count: number, key: RandomKey): WeightedPoints {
  const length = points.data.length / weights.length;
  const data = new Float32Array(count * length);
  const bits = key.fold(fingerprint(points.data)).bits(2 * count);
  const numbers = Float64Array.from(
    { length: count },
    (_, k) => ((bits[2 * k]! >>> 5) * 67108864 + (bits[2 * k + 1]! >>> 6)) / 9007199254740992,
  );
  drawnByWeight(weights, numbers).forEach((i, k) => {
    data.set(points.rows(i, i + 1).data as Float32Array, k * length);
  });
  return {
    points: new Tensor(data, [count, ...points.shape.slice(1)], "float32"),
    weights: new Float64Array(count).fill(1 / count),
  };
}

/** "all 25" or "1,000 of 60,000". */
export const drawText = (n: number, count: number): string =>
  n <= count ? `all ${n.toLocaleString("en")}` : `${count.toLocaleString("en")} of ${n.toLocaleString("en")}`;

/** FNV-1a over the bits of at most 65,536 evenly spaced numbers. */
function fingerprint(data: TensorData): number {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const step = Math.ceil(words.length / 65536);
  let h = 0x811c9dc5;
  for (let i = 0; i < words.length; i += step) h = Math.imul(h ^ words[i]!, 0x01000193);
  return h >>> 0;
}
