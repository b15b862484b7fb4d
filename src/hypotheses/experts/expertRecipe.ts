import type { Recipe } from "../training/recipe.ts";

/**
 * How MTT's experts train: 50 epochs of plain SGD at 0.01 in batches of 256, constant rate (Cazenavette et al. 2022). The authors
 * augment their batches; whoever trains names the strategy, for it depends on the dataset.
 */
export const expertRecipe: Recipe = {
  epochs: 50,
  batch: 256,
  optimizer: "sgd",
  learningRate: 0.01,
  momentum: 0,
  weightDecay: 0,
  schedule: "constant",
  augmentation: "",
};
