import type { Recipe } from "../training/recipe.ts";

/** The values of a recipe that sources have options for. */
type Chosen = Pick<Recipe, "batch" | "learningRate" | "momentum"> & Partial<Pick<Recipe, "epochs" | "weightDecay">>;

/** Plain SGD as sources train their networks between steps: one pass unless more are asked for, at a constant rate. */
export const sgdRecipe = ({ epochs = 1, batch, learningRate, momentum, weightDecay = 0 }: Chosen): Recipe => ({
  epochs,
  batch,
  optimizer: "sgd",
  learningRate,
  momentum,
  weightDecay,
  schedule: "constant",
  augmentation: "",
});
