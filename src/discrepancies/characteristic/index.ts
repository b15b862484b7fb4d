export {
  type CharacteristicFunction,
  characteristicFunction,
} from "./characteristicFunction.ts";
export { frequencies, medianDistance } from "./frequencies.ts";
export { characteristicDiscrepancies, squaredDifferences } from "./records.ts";
