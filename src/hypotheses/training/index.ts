export { accuracy, type LabelledBatch } from "./accuracy.ts";
export { crossEntropy, oneHot } from "./crossEntropy.ts";
export { checkRecipe, fieldRecipe, optimizerOf, type Recipe } from "./recipe.ts";
export { type Trained, type TrainingSet, type TrainOptions, train } from "./train.ts";
export { type TrainingState, type TrainingStep, trainingStep } from "./trainingStep.ts";
