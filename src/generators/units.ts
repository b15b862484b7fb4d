import { nn, numpy as np, type Array as Traced } from "@jax-js/jax";
import { hasUnits, inPlainUnits } from "../data/changeOfUnits.ts";
import type { GeneratorGround } from "./generator.ts";

/** Tells whether samples are pixels between black and white. */
export const hasBlackAndWhite = ({ kind, normalisation }: GeneratorGround): boolean =>
  kind === "image" && !normalisation.zca && hasUnits(normalisation);

/** The way between values from black at 0 to white at 1 and the training normalisation, [n, C, H, W]. Both consume. */
export function unitsOf({ shape, normalisation }: GeneratorGround) {
  const { mean, std } = inPlainUnits(normalisation, [...shape]);
  const perChannel = (values: readonly number[]) => np.array([...values], { shape: [1, values.length, 1, 1] });
  return {
    normalised: (x: Traced): Traced => x.sub(perChannel(mean)).mul(perChannel(std.map((s) => 1 / s))),
    plain: (x: Traced): Traced => x.mul(perChannel(std)).add(perChannel(mean)),
  };
}

/**
 * The samples [n, C, H, W] in the training normalisation that outputs of a generator [n, C·H·W] stand for: of pixels between black at −1 and white
 * at 1, bounded by tanh or as they are; else the outputs themselves. Consumes them.
 */
export function samplesOfOutputs(ground: GeneratorGround, bounded: boolean): (outputs: Traced) => Traced {
  const shaped = (x: Traced) => x.reshape([x.shape[0]!, ...ground.shape]);
  if (!hasBlackAndWhite(ground)) return shaped;
  const { normalised } = unitsOf(ground);
  // (tanh o + 1) / 2 is the sigmoid of 2 o.
  return (x) => normalised(shaped(bounded ? nn.sigmoid(x.mul(2)) : x.add(1).mul(0.5)));
}
