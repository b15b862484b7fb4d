import {
  choice,
  integer,
  type OptionRule,
  type OptionRules,
  type OptionValues,
  resolveOptions as resolve,
} from "../../engine/index.ts";

export { choice, integer, type OptionRule, type OptionRules, type OptionValues };

/** The options of a network, given or default; see the engine's `resolveOptions` for what it throws. */
export function resolveOptions(network: string, rules: OptionRules, given: OptionValues): OptionValues {
  return resolve(`network ${network}`, rules, given, (option, value) => `${network}:${option}=${value}`);
}
