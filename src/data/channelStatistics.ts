import { size } from "../engine/tensor.ts";

/**
 * Mean and (population) standard deviation of each channel, over all images and positions, of stored / scale.
 * A constant channel gets 1 as its deviation.
 *
 * @param images [n, channels, height, width]
 */
export function channelStatistics(
  images: Uint8Array | Float32Array,
  shape: readonly [number, number, number],
  scale: number,
): { mean: number[]; std: number[] } {
  const [channels] = shape;
  const plane = size(shape) / channels;
  const moments = Array.from({ length: channels }, (_, c) =>
    images instanceof Uint8Array ? byteMoments(images, c, channels, plane) : floatMoments(images, c, channels, plane),
  );
  return {
    mean: moments.map(({ mean }) => mean / scale),
    std: moments.map(({ variance }) => (variance > 0 ? Math.sqrt(variance) / scale : 1)),
  };
}

/** Exact, from a histogram. */
function byteMoments(images: Uint8Array, channel: number, channels: number, plane: number) {
  const counts = histogram(images, channel, channels, plane);
  const n = images.length / channels;
  let mean = 0;
  for (let v = 0; v < 256; v++) mean += (counts[v]! / n) * v;
  let variance = 0;
  for (let v = 0; v < 256; v++) variance += (counts[v]! / n) * (v - mean) ** 2;
  return { mean, variance };
}

/** How often each byte stands in a channel: counted two at a time where planes are of even length, in half the time. */
function histogram(images: Uint8Array, channel: number, channels: number, plane: number): Float64Array {
  const counts = new Float64Array(256);
  if (plane % 2 === 1 || images.byteOffset % 2 === 1) {
    for (let start = channel * plane; start < images.length; start += channels * plane)
      for (let i = start; i < start + plane; i++) counts[images[i]!]!++;
    return counts;
  }
  const pairs = new Uint16Array(images.buffer, images.byteOffset, images.length / 2);
  const pairCounts = new Float64Array(65536);
  const half = plane / 2;
  for (let start = channel * half; start < pairs.length; start += channels * half)
    for (let i = start; i < start + half; i++) pairCounts[pairs[i]!]!++;
  for (let pair = 0; pair < pairCounts.length; pair++) {
    counts[pair & 255]! += pairCounts[pair]!;
    counts[pair >> 8]! += pairCounts[pair]!;
  }
  return counts;
}

function floatMoments(images: Float32Array, channel: number, channels: number, plane: number) {
  const n = images.length / channels;
  const average = (f: (value: number) => number) => {
    let sum = 0;
    for (let start = channel * plane; start < images.length; start += channels * plane)
      for (let i = start; i < start + plane; i++) sum += f(images[i]!);
    return sum / n;
  };
  const mean = average((v) => v);
  return { mean, variance: average((v) => (v - mean) ** 2) };
}
