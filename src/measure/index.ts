export { withNoise, withPermutedLabels } from "./change.ts";
export { checkUsed, chosenDiscrepancies, type GivenOptions, parseOptions } from "./choose.ts";
export { decoded, encoded, type Space } from "./encodeSides.ts";
export { encodeLatent, type LatentSet, latentFormat } from "./latentSet.ts";
export { type MeasureOptions, measure, type Sides } from "./measure.ts";
export type { Bound, Measurement, PushForward, Reference, Value } from "./measurement.ts";
export { referencePairs } from "./references.ts";
export { parseSubject, type Subject } from "./subject.ts";
