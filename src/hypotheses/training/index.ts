export { accuracy, type LabelledBatch } from "./accuracy.ts";
export { centredOneHot, oneHot } from "./oneHot.ts";
export { checkRecipe, fieldRecipe, lossOf, optimizerOf, type Recipe } from "./recipe.ts";
export { type Trained, type TrainingSet, type TrainOptions, train } from "./train.ts";
export { type TrainingLoss, trainingLosses } from "./trainingLoss.ts";
export { trainingSetOf } from "./trainingSetOf.ts";
export { type TrainingState, type TrainingStep, trainingStep } from "./trainingStep.ts";
