import { AttarError, nearest } from "../../engine/index.ts";

/** What values an option takes, and its default. */
export type OptionRule =
  | { readonly kind: "integer"; readonly default: number; readonly least: number; readonly most: number }
  | { readonly kind: "choice"; readonly default: string; readonly of: readonly string[] };

export type OptionRules = { readonly [option: string]: OptionRule };

export type OptionValues = Readonly<Record<string, string | number | boolean>>;

export const integer = (value: number, least: number, most: number): OptionRule => ({
  kind: "integer",
  default: value,
  least,
  most,
});

export const choice = <T extends string>(value: T, of: readonly T[]): OptionRule => ({
  kind: "choice",
  default: value,
  of,
});

/**
 * Every option of `rules`, given or default, in the rules' order. Integers may come as text, as the command line gives them.
 *
 * @throws AttarError "unknown-option" or "invalid-option", naming the network, the option and what it takes.
 */
export function resolveOptions(network: string, rules: OptionRules, given: OptionValues): OptionValues {
  const known = Object.keys(rules);
  for (const name of Object.keys(given)) if (!known.includes(name)) throw unknownOption(network, name, known);
  return Object.fromEntries(
    known.map((name) => [name, check(network, name, rules[name]!, given[name] ?? rules[name]!.default)]),
  );
}

function unknownOption(network: string, name: string, known: readonly string[]): AttarError {
  const near = nearest(name, known);
  const hint = near ? `Did you mean ${near}? ` : "";
  const all = known.length > 0 ? `Options of ${network}: ${known.join(", ")}.` : `${network} has no options.`;
  return new AttarError("unknown-option", `network ${network} has no option "${name}"`, hint + all);
}

function check(network: string, name: string, rule: OptionRule, value: string | number | boolean): string | number {
  const refuse = (takes: string, hint: string) =>
    new AttarError("invalid-option", `option ${name} of network ${network} is ${takes}, got "${value}"`, hint);
  if (rule.kind === "integer") {
    const n = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof n === "number" && Number.isInteger(n) && n >= rule.least && n <= rule.most) return n;
    throw refuse(
      `a whole number from ${rule.least} to ${rule.most}`,
      `For example ${network}:${name}=${rule.default}.`,
    );
  }
  if (typeof value === "string" && rule.of.includes(value)) return value;
  const near = nearest(String(value), rule.of);
  throw refuse(`one of ${rule.of.join(", ")}`, `For example ${network}:${name}=${near ?? rule.default}.`);
}
