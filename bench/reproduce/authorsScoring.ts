import { fieldRecipe, parseNetwork, type Recipe } from "../../src/hypotheses/index.ts";
import type { Cell } from "./cell.ts";
import type { CellResult } from "./result.ts";

/** How a method's authors score sets, where not by the field's protocol. */
interface Scoring {
  readonly width?: number;
  readonly activation?: string;
  /** Operators, or a scheme with operators; "" for none. Where left out, as here. */
  readonly augmentation?: string;
  /** On MNIST, where it is another one there. */
  readonly mnist?: string;
  /** The training, where it is another one than here, in words. */
  readonly training?: string;
}

const authors: Readonly<Record<string, Scoring>> = {
  frepo: { width: 128, activation: "relu", augmentation: "color_crop_rotate_translate_cutout" },
  rcig: {
    width: 128,
    activation: "relu",
    augmentation: "crop_rotate_translate_cutout",
    training: "Adam at a third of the rate",
  },
  rfad: {
    width: 1024,
    activation: "relu",
    augmentation: "",
    training: "gradient descent on scaled labels, stopped by held-out images",
  },
  bptt: { training: "the learned steps themselves" },
  dcc: { mnist: "per-image:crop_scale_rotate" },
};

/** How a row's scoring differs from its authors', by the record of its evaluation. */
export function scoringDifferences({ method, dataset }: Cell, { protocol, net }: CellResult): string[] {
  const theirs = Object.hasOwn(authors, method) ? authors[method]! : {};
  const { options } = parseNetwork(net);
  const augmentation = (dataset === "mnist" ? theirs.mnist : undefined) ?? theirs.augmentation;
  const used = protocol.recipe.augmentation;
  const say = (what: string, ours: unknown, other: unknown) =>
    other === undefined || ours === other ? [] : [`scored ${what} ${ours}, theirs ${other}`];
  return [
    ...say("at width", options.width, theirs.width),
    ...say("with", options.activation, theirs.activation),
    ...(augmentation === undefined || augmentation === used
      ? []
      : [`scored ${used ? `under ${used}` : "without augmentation"}, theirs ${augmentation || "without"}`]),
    ...learnedRate(protocol.recipe),
    ...(theirs.training ? [`scored by another training, theirs ${theirs.training}`] : []),
  ];
}

/** The learning rate that belongs to a set: the subsets that it is held against have the field's. */
const learnedRate = ({ optimizer, learningRate }: Recipe): string[] =>
  optimizer !== fieldRecipe.optimizer || learningRate === fieldRecipe.learningRate
    ? []
    : [`trained on at its learned rate ${learningRate.toPrecision(2)}, subsets at ${fieldRecipe.learningRate}`];
