import { choice, flag, integer, number, type Resolved, text, unsaid } from "../../engine/index.ts";
import { isGenerator, parseGenerator } from "../../generators/index.ts";
import type { GeneratorRequest } from "../select.ts";

/** The options of a latent space. */
export const latentOptions = {
  generator: text(
    "cvae",
    "a kind of generator with its options, such as cvae or vae:z=16",
    (value) => isGenerator(value),
    "generator in whose codes S lives, trained on T",
  ),
  steps: integer(5000, 0, undefined, "steps of its training; 0 for random weights"),
  layer: integer(0, 0, 64, "layer of it that S enters at; 0 is its code"),
  part: choice(
    "z",
    ["z", "class", "z+class", "condition", "z+condition", "noise", "none"],
    "parts of a code of layer 0 that are learned",
  ),
  weights: choice(
    "frozen",
    ["frozen", "learned", "biases"],
    "whether the layers after that move with S; of biases those numbers, gains of normalisations and tables of classes alone",
  ),
  weightRate: number(0.01, 0, undefined, "factor on the learning rate of those layers"),
  draw: integer(
    0,
    0,
    undefined,
    "codes of a class that every step draws anew from the prior; 0 for ipc codes that stay",
  ),
  styleRate: number(1, 0, undefined, "factor on the learning rate of the styles of a code, part ws of layers of style"),
  styles: unsaid(
    integer(
      1,
      1,
      100000,
      "draws of the prior whose mean style S starts at, one image a class of a generator of styles from noise; GLaD's avg_w has 1000",
    ),
  ),
  inversion: integer(
    200,
    1,
    undefined,
    "steps down ‖G(z) − x‖² by which codes are sought of the images that S starts from, where there is no encoder",
  ),
  inversionRate: number(0.1, 0, undefined, "learning rate of these steps"),
  encoder: unsaid(flag(false, "whether the layers that encode T are kept with S, for terms that read codes of T")),
  bound: number(0, 0, undefined, "codes are cut to plus and minus this after a step; 0 for no bound"),
  fidelity: number(0.8, 0, 1, "share of the generator's samples that must be of the class asked for"),
};

export type LatentOptions = Resolved<typeof latentOptions>;

/** The generator that the options of a latent space ask for. */
export const generatorAsked = ({
  generator,
  steps,
  fidelity,
}: Pick<LatentOptions, "generator" | "steps" | "fidelity">): GeneratorRequest => ({
  spec: parseGenerator(generator),
  steps,
  judged: fidelity > 0 && steps > 0,
});
