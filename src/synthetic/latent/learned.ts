import { AttarError } from "../../engine/index.ts";
import type { Generator } from "../../generators/index.ts";
import type { LatentOptions } from "./options.ts";

/** Tells whether a parameter of a layer moves with S. */
export type Moves = (layer: Generator["shapes"][string], name: string) => boolean;

/** The parameters that move, by the option `weights`; a table of classes is a layer of weights without biases. */
export const moving: Readonly<Record<LatentOptions["weights"], Moves>> = {
  frozen: () => false,
  learned: () => true,
  biases: (layer, name) => layer[name]!.shape.length === 1 || Object.keys(layer).length === 1,
};

/** The parts of a code of the layer that are learned. @throws AttarError "bad-combination" */
export function learnedParts({ layer, part, generator, draw }: LatentOptions, made: Generator): readonly string[] {
  if (draw > 0) return [];
  const there = Object.keys(made.parts(layer));
  if (layer > 0) return there;
  if (part === "none") return [];
  const wanted = part.split("+");
  const missing = wanted.find((name) => !there.includes(name));
  if (missing === undefined) return wanted;
  throw new AttarError(
    "bad-combination",
    `a code of ${generator} has no part "${missing}", it has ${there.join(", ")}`,
    `--set synthetic.part=${there[0]}`,
  );
}

/** @throws AttarError "bad-combination" where codes are drawn anew of a layer without a prior, or with nothing beside them that is learned */
export function refuseStill({ draw, layer, weights, generator }: LatentOptions, made: Generator): void {
  if (draw === 0) return;
  if (layer > 0)
    throw new AttarError(
      "bad-combination",
      `codes of layer ${layer} of ${generator} have no prior that they could be drawn from`,
      "--set synthetic.layer=0",
    );
  if (weights === "frozen" || made.reads(0).length === 0)
    throw new AttarError(
      "bad-combination",
      `every step draws other codes of ${generator}, and its weights do not move either`,
      made.reads(0).length === 0
        ? "--set synthetic.draw=0"
        : "--set synthetic.weights=learned, or --set synthetic.draw=0",
    );
}
