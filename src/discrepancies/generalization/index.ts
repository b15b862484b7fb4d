export {
  featureDiscrepancy,
  generalizationDiscrepancy,
  parameterDiscrepancy,
  type ValueDiscrepancy,
  valueDiscrepancy,
} from "./readings.ts";
export { generalizationDiscrepancies } from "./records.ts";
export { initialHypothesis, type Training, trainedOn } from "./trainedOn.ts";
