import { type OptionRule, type OptionRules, type OptionValue, optionTakes } from "./options.ts";

/** The JSON Schema of one option's values. */
export interface OptionSchema {
  readonly type: "integer" | "number" | "string" | "boolean";
  readonly description?: string;
  readonly default: OptionValue;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The JSON Schema of the options of a part; every option may be left out. */
export interface OptionsSchema {
  readonly type: "object";
  readonly additionalProperties: false;
  readonly properties: Readonly<Record<string, OptionSchema>>;
}

/** The JSON Schema (2020-12) that values of these rules fulfil. */
export function optionsSchema(rules: OptionRules): OptionsSchema {
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, optionSchema(rule)])),
  };
}

/** The rows of a table for people: an option, what it takes, its default and its meaning. */
export function optionRows(rules: OptionRules): string[][] {
  return Object.entries(rules).map(([name, rule]) => [
    name,
    optionTakes(rule),
    String(rule.default),
    rule.meaning ?? "",
  ]);
}

function optionSchema(rule: OptionRule): OptionSchema {
  const common = { ...(rule.meaning !== undefined && { description: rule.meaning }), default: rule.default };
  if (rule.kind === "choice") return { type: "string", enum: rule.of, ...common };
  if (rule.kind === "flag") return { type: "boolean", ...common };
  if (rule.kind === "text") return { type: "string", ...common };
  return { type: rule.kind, minimum: rule.least, ...(bounded(rule) && { maximum: rule.most }), ...common };
}

/** False where a rule's upper bound says no more than that a number is representable. */
const bounded = ({ most }: { readonly most: number }) => most < Number.MAX_SAFE_INTEGER;
