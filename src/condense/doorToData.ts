import type { RealReader } from "../data/reader.ts";
import type { Tensor } from "../engine/index.ts";
import { NoiseKey, planOf, privately } from "../privacy/index.ts";
import type { Configuration } from "./configuration.ts";

/**
 * The reader that a run may use: the given one, or a private run's, which lets noised sums through and nothing else.
 *
 * @param key the 32 secret bytes of its noise. @param onRelease is told of every release
 */
export async function doorToData(
  reader: RealReader,
  { privacy }: Configuration,
  key: Uint8Array,
  onRelease?: (draw: number, means: Tensor) => void,
): Promise<RealReader> {
  return privacy ? privately(reader, planOf(privacy), new NoiseKey(key), { onRelease }) : reader;
}
