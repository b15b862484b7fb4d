export { characteristicDiscrepancy } from "./characteristicDiscrepancy.ts";
export {
  type CharacteristicFunction,
  characteristicFunction,
  characteristicSums,
} from "./characteristicFunction.ts";
export { frequencies, medianDistance } from "./frequencies.ts";
export { characteristicDiscrepancies, squaredDifferences } from "./records.ts";
