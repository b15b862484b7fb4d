import type { Projection } from "./contract.ts";

/** The places of pictures in a projection: [count, 2]. @param bytes [count, channels · height · width] */
export function placesOf(
  bytes: Uint8Array,
  { directions, mean }: Pick<Projection, "directions" | "mean">,
): Float32Array {
  const size = mean.length;
  const places = new Float32Array((2 * bytes.length) / size);
  for (let row = 0; row < places.length / 2; row++)
    for (let axis = 0; axis < 2; axis++) {
      let sum = 0;
      for (let p = 0; p < size; p++) sum += (bytes[row * size + p]! / 255 - mean[p]!) * directions[axis * size + p]!;
      places[2 * row + axis] = sum;
    }
  return places;
}
