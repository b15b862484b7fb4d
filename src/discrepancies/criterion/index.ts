export { features, type Hypothesis, outputs } from "./hypothesis.ts";
export { losses } from "./losses.ts";
export { type ModelAgnostic, modelAgnostic, modelSpecific, type Reading } from "./readings.ts";
export { criterionDiscrepancies } from "./records.ts";
export { type Attack, pointwiseRobustLoss, robustLoss } from "./robustLoss.ts";
export { type PointwiseCriterion, pointwiseLoss, testLoss } from "./testLoss.ts";
