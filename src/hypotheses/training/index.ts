export { accuracy, type LabelledBatch } from "./accuracy.ts";
export {
  type Descended,
  type Descent,
  type DescentOptions,
  descent,
  type Fitted,
  type Loss,
  pullOf,
  type SharedDescent,
  sharedDescent,
  unfitted,
} from "./descent.ts";
export { type LoopOptions, type Passes, type Snapshot, trainPasses, trainSteps } from "./loop.ts";
export { centredOneHot, oneHot } from "./oneHot.ts";
export { adversaryIn, adversaryOption, isTrainingAttack, parseTrainingAttack } from "./parseTrainingAttack.ts";
export { radiusOf, takesRadius } from "./radius.ts";
export {
  checkRecipe,
  epochsFor,
  fieldRecipe,
  gradientSteps,
  lossOf,
  optimizerOf,
  type Recipe,
  recipeIdentity,
  type TrainingAttack,
} from "./recipe.ts";
export { type Trained, type TrainingSet, type TrainOptions, train } from "./train.ts";
export { type TrainingLoss, trainingLosses } from "./trainingLoss.ts";
export { trainingSetOf } from "./trainingSetOf.ts";
export { type TrainingState, type TrainingStep, trainingStep } from "./trainingStep.ts";
