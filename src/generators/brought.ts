import type { Array as Traced } from "@jax-js/jax";
import { mapSamples, type Tensor } from "../engine/index.ts";
import type { GeneratorGround } from "./generator.ts";
import { adaptation } from "./imports/adaptation.ts";
import { unitsOf } from "./units.ts";

/**
 * Images of one data set as samples of another: black to black and white to white, colours, size and normalisation those of the other.
 *
 * @param images [n, C, H, W] in the normalisation of `from` @returns [n, C', H', W'] in that of `to`
 * @throws AttarError "bad-combination" where samples of either are no pictures between black and white
 */
export async function brought(images: Tensor, from: GeneratorGround, to: GeneratorGround): Promise<Tensor> {
  adaptation({ shape: to.shape, black: 0, white: 1 }, from);
  const { toSamples } = adaptation({ shape: from.shape, black: 0, white: 1 }, to);
  const map = mapSamples(
    (_none: Record<string, never>, x: Traced) => toSamples(unitsOf(from).plain(x)),
    "other images",
  );
  try {
    return await map({}, images);
  } finally {
    map.dispose();
  }
}
