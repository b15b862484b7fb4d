export { planNamed } from "./attackPlan.ts";
export { checkReadable, namesOfValues, read } from "./read.ts";
export type { Reading, Samples, TrainedNetwork, Unit, Weights } from "./reading.ts";
export {
  isAttackReading,
  isReadingValue,
  parseReading,
  type ReadingSpec,
  readingNamed,
  readings,
  readingsOf,
  readingText,
  unitOfValue,
} from "./registry.ts";
