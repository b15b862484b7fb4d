/** The length, batches and rate of a generator's training. */
export interface GeneratorRecipe {
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
}

/** The recipe of kinds that declare none of their own. */
export const generatorRecipe: GeneratorRecipe = { steps: 5000, batch: 128, learningRate: 1e-3 };
