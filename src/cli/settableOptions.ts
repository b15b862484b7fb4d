import { updateOptions } from "../condense/update.ts";
import { criterionNamed, distanceNamed } from "../discrepancies/index.ts";
import { number, type OptionRules, type OptionValue, type OptionValues, optionTakes } from "../engine/index.ts";
import { architectureNamed, solverNamed, sourceNamed } from "../hypotheses/index.ts";
import { isCoreset, type Method, type Part } from "../methods/method.ts";
import { privacyOptions } from "../privacy/index.ts";
import { initialisationNamed, labelOptions, spaceNamed } from "../synthetic/index.ts";
import { trickNamed } from "../tricks/index.ts";
import { viewNamed } from "../views/index.ts";

/** An option of a part of a method, as it is set on the command line. */
export interface SettableOption {
  /** Its path: "hypotheses.every". */
  readonly path: string;
  /** Its value where no preset and no setting says otherwise: the record's, or the part's default. */
  readonly value: OptionValue;
  /** The values that it takes, in words, and its meaning where one is given. */
  readonly takes: string;
  readonly meaning?: string;
}

const weight = { weight: number(1, 0, undefined, "factor on the term") } satisfies OptionRules;

/** Every option of the parts that a method's record names, each once, in the order of the record. */
export function settableOptions(method: Method): readonly SettableOption[] {
  const found = new Map<string, SettableOption>();
  const add = (head: string, rules: OptionRules, values: OptionValues = {}) => {
    for (const [option, rule] of Object.entries(rules)) {
      const path = `${head}.${option}`;
      const { meaning } = rule;
      const entry = { path, value: values[option] ?? rule.default, takes: optionTakes(rule) };
      if (!found.has(path)) found.set(path, meaning ? { ...entry, meaning } : entry);
    }
  };
  const part = (head: string, { name, options }: Part, find: (name: string) => { readonly options: OptionRules }) =>
    add(head, find(name).options, options);
  const { objective } = method;
  if ("match" in objective)
    for (const { view, discrepancy, weight: own = 1 } of objective.match) {
      part("view", view, viewNamed);
      part("discrepancy", discrepancy, distanceNamed);
      add("weights", { [view.name]: weight.weight }, { [view.name]: own });
    }
  if ("solve" in objective) {
    part("solver", objective.solve, solverNamed);
    part("criterion", objective.criterion, criterionNamed);
  }
  part("synthetic", method.synthetic, spaceNamed);
  part("initialisation", method.initialisation, initialisationNamed);
  if (!isCoreset(method) || method.labels) add("labels", labelOptions, method.labels);
  if (isCoreset(method)) return [...found.values()];
  part("hypotheses", method.hypotheses, sourceNamed);
  if (sourceNamed(method.hypotheses.name).atOnce > 0) part("network", method.network ?? usual, architectureNamed);
  for (const trick of method.tricks) part(`tricks.${trick.name}`, trick, trickNamed);
  add("update", updateOptions, method.update);
  if (method.privacy) add("privacy", privacyOptions, method.privacy);
  return [...found.values()];
}

/** The network of a method that names none, for images. */
const usual: Part = { name: "convnet" };
