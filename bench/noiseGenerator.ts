import { type Tensor, tensor } from "../src/engine/index.ts";
import { type Generator, makeGenerator } from "../src/generators/index.ts";
import { classes } from "./problem.ts";

const [mean, std] = [0.3, 0.4] as const;

/** A generator of a kind, with the kind's own widths, for images of noise of a shape. */
export function noiseGenerator(name: string, shape: readonly [number, number, number]): Generator {
  const every = (value: number) => new Array<number>(shape[0]).fill(value);
  const normalisation = { scale: 1, mean: every(mean), std: every(std) };
  return makeGenerator({ name, options: {} }, { name: "noise", shape, kind: "image", classes, normalisation });
}

/** The normalisation of those images as a peer is handed it. */
export const noiseScale = (): Record<string, Tensor> => ({
  "settings.mean": tensor(mean),
  "settings.std": tensor(std),
});
