import type { Citation, Citations } from "./citation.ts";
import { AttarError, nearest } from "./errors.ts";

export type OptionValue = string | number | boolean;
export type OptionValues = Readonly<Record<string, OptionValue>>;

/**
 * The works behind the values of an option, by value as text; `changed` stands for every value but the default.
 */
export type CitedValues = Readonly<Record<string, Citations>>;

/** The values that an option of a part takes, its default and, for tables, its meaning and the works behind its values. */
export type OptionRule = {
  readonly meaning?: string;
  readonly citations?: CitedValues;
  /** True where the default is left out of what is resolved, so that configurations from before the option stay as they were. */
  readonly unsaid?: true;
} & (
  | { readonly kind: "integer"; readonly default: number; readonly least: number; readonly most: number }
  | { readonly kind: "number"; readonly default: number; readonly least: number; readonly most: number }
  | { readonly kind: "choice"; readonly default: string; readonly of: readonly string[] }
  | { readonly kind: "flag"; readonly default: boolean }
  | {
      readonly kind: "text";
      readonly default: string;
      /** The values that are accepted, in words. */
      readonly takes: string;
      readonly accepts: (value: string) => boolean;
    }
);

export type OptionRules = { readonly [option: string]: OptionRule };

/** A rule whose values are numbers. */
export type NumberRule = Extract<OptionRule, { readonly kind: "number" }>;

/** The values of options once resolved, by their rules: words of a choice, texts, booleans of flags, numbers otherwise. */
export type Resolved<R extends OptionRules> = {
  readonly [K in keyof R]: R[K] extends { readonly kind: "choice"; readonly of: readonly (infer Word)[] }
    ? Word
    : R[K] extends { readonly kind: "flag" }
      ? boolean
      : R[K] extends { readonly kind: "integer" | "number" }
        ? R[K] extends { readonly unsaid: true }
          ? number | undefined
          : number
        : R[K] extends { readonly kind: "text" }
          ? R[K] extends { readonly unsaid: true }
            ? string | undefined
            : string
          : OptionValue;
};

/** A whole number from `least` to `most`. */
export const integer = (
  value: number,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
  meaning?: string,
  citations?: CitedValues,
) => ({ kind: "integer", default: value, least, most, meaning, ...(citations && { citations }) }) satisfies OptionRule;

/** A finite number from `least` to `most`. */
export const number = (
  value: number,
  least: number,
  most = Number.MAX_VALUE,
  meaning?: string,
  citations?: CitedValues,
) => ({ kind: "number", default: value, least, most, meaning, ...(citations && { citations }) }) satisfies OptionRule;

/** One of a few words. */
export const choice = <const T extends string>(
  value: NoInfer<T>,
  of: readonly T[],
  meaning?: string,
  citations?: CitedValues,
) => ({ kind: "choice", default: value, of, meaning, ...(citations && { citations }) }) satisfies OptionRule;

/** true or false. */
export const flag = (value: boolean, meaning?: string, citations?: CitedValues) =>
  ({ kind: "flag", default: value, meaning, ...(citations && { citations }) }) satisfies OptionRule;

/** A text of some form: `takes` says which, `accepts` tells. */
export const text = (value: string, takes: string, accepts: (value: string) => boolean, meaning?: string) =>
  ({ kind: "text", default: value, takes, accepts, meaning }) satisfies OptionRule;

/** A rule whose default is left out of what is resolved. */
export const unsaid = <R extends OptionRule>(rule: R): R & { readonly unsaid: true } => ({ ...rule, unsaid: true });

/** The works behind the values that options have, in the rules' order. */
export function citationsOfOptions(rules: OptionRules, values: OptionValues): Citation[] {
  return Object.entries(rules).flatMap(([name, { default: usual, citations = {} }]) => {
    const value = values[name] ?? usual;
    const of = (key: string): Citations => (Object.hasOwn(citations, key) ? citations[key]! : []);
    return [of(String(value)), value === usual ? [] : of("changed")].flat();
  });
}

/**
 * Every option of `rules`, given or default, in the rules' order; not those at a default that is unsaid. Numbers and flags may come as text, as the command line
 * gives them.
 *
 * @param owner what the options belong to, as errors name it: "network convnet"
 * @param example how a person writes an option with a value
 * @throws AttarError "unknown-option" or "invalid-option", naming the owner, the option and what it takes.
 */
export function resolveOptions<const R extends OptionRules>(
  owner: string,
  rules: R,
  given: OptionValues,
  example: (option: string, value: OptionValue) => string = (option, value) => `${option}=${value}`,
): Resolved<R> {
  const known = Object.keys(rules);
  for (const name of Object.keys(given)) if (!known.includes(name)) throw unknownOption(owner, name, known);
  const check = (name: string): OptionValue => {
    const rule = rules[name]!;
    const value = given[name] ?? rule.default;
    const read = reading(rule, value);
    if (read !== undefined) return read;
    const near = rule.kind === "choice" ? nearest(String(value), rule.of) : undefined;
    throw new AttarError(
      "invalid-option",
      `option ${name} of ${owner} is ${optionTakes(rule)}, got "${value}"`,
      `For example ${example(name, near ?? rule.default)}.`,
    );
  };
  const all = known.map((name) => [name, check(name)] as const);
  const said = all.filter(([name, value]) => !rules[name]!.unsaid || value !== rules[name]!.default);
  return Object.fromEntries(said) as Resolved<R>;
}

/** The values that a rule takes, in words: "a whole number from 1 to 16". */
export function optionTakes(rule: OptionRule): string {
  if (rule.kind === "choice") return `one of ${rule.of.join(", ")}`;
  if (rule.kind === "flag") return "true or false";
  if (rule.kind === "text") return rule.takes;
  const noun = rule.kind === "integer" ? "a whole number" : "a number";
  const open = rule.most === (rule.kind === "integer" ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE);
  return `${noun} from ${rule.least}${open ? "" : ` to ${rule.most}`}`;
}

/** The value as the rule's type, or undefined where it does not fit. */
function reading(rule: OptionRule, value: OptionValue): OptionValue | undefined {
  if (rule.kind === "choice") return typeof value === "string" && rule.of.includes(value) ? value : undefined;
  if (rule.kind === "flag") {
    if (value === "true" || value === "false") return value === "true";
    return typeof value === "boolean" ? value : undefined;
  }
  if (rule.kind === "text") return typeof value === "string" && rule.accepts(value) ? value : undefined;
  const n = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof n !== "number" || !(n >= rule.least && n <= rule.most)) return undefined;
  return rule.kind === "integer" && !Number.isInteger(n) ? undefined : n;
}

function unknownOption(owner: string, name: string, known: readonly string[]): AttarError {
  const near = nearest(name, known);
  const hint = near ? `Did you mean ${near}? ` : "";
  const all = known.length > 0 ? `Options of ${owner}: ${known.join(", ")}.` : `${capital(owner)} has no options.`;
  return new AttarError("unknown-option", `${owner} has no option "${name}"`, hint + all);
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
