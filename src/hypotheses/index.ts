export type { Network, NetworkSpec, Params, TracedParams } from "./network.ts";
export {
  alexnet,
  buildNetwork,
  convnet,
  lenet,
  mlp,
  networkNames,
  parseNetwork,
  resnet18,
  vgg11,
} from "./networks/index.ts";
export { adam, adamw, type OptimizerSpec, optimizerState, optimizerStep, sgd } from "./optimizers/optimizer.ts";
export { type Schedule, scheduleFactor } from "./optimizers/schedule.ts";
export { accuracy } from "./training/accuracy.ts";
export { oneHot, type TrainingOptions, type TrainingRecipe, type TrainingSet, train } from "./training/train.ts";
