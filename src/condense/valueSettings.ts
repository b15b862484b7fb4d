import { criterionNamed } from "../discrepancies/index.ts";
import { type OptionValue, optionsForValues, type Serving } from "../engine/index.ts";
import { solverNamed, sourceNamed } from "../hypotheses/index.ts";
import type { Method } from "../methods/method.ts";
import { viewNamed } from "../views/index.ts";

/**
 * The settings, by path, that a method's parts take where numbers are predicted in place of classes.
 *
 * @throws AttarError "bad-combination" where one of them does not serve numbers
 */
export function valueSettings({ objective, hypotheses }: Method): Record<string, OptionValue> {
  const settings: Record<string, OptionValue> = {};
  const add = (head: string, noun: string, name: string, part: Serving) => {
    for (const [option, value] of Object.entries(optionsForValues(noun, name, part)))
      settings[`${head}.${option}`] = value;
  };
  add("hypotheses", "source of hypotheses", hypotheses.name, sourceNamed(hypotheses.name));
  if ("match" in objective)
    for (const { view } of objective.match) add("view", "view", view.name, viewNamed(view.name));
  if ("solve" in objective) {
    const { solve, criterion } = objective;
    add("solver", "solver", solve.name, solverNamed(solve.name));
    add("criterion", "criterion", criterion.name, criterionNamed(criterion.name));
  }
  return settings;
}
