export { augmentOnHost } from "./augmentOnHost.ts";
export {
  type AugmentationTensors,
  augmentationTensors,
  augmentTraced,
  type TracedAugmentation,
} from "./augmentTraced.ts";
export { cutMix } from "./cutMix.ts";
export { type Draw, drawOperator, drawParameters, identityDraw } from "./draw.ts";
export { isStill, type Resampling, resampling } from "./resampling.ts";
export {
  type Augmentation,
  augmentationText,
  augmentBatch,
  batchDraws,
  coloursFirst,
  drawAugmentation,
  parseAugmentation,
  type Scheme,
  schemeCitations,
  schemes,
  trainedUnder,
} from "./scheme.ts";
export { type Augmentable, type Operator, operators, parseStrategy, strategyFor } from "./strategy.ts";
