import type { Measurable } from "../discrepancies/discrepancy.ts";
import { measurableNamed, measurables } from "../discrepancies/registry.ts";
import { AttarError, type OptionValues } from "../engine/index.ts";

/**
 * The discrepancies asked for by name, and records of the caller's own, in that order; the whole registry for "all".
 *
 * @throws AttarError "unknown-discrepancy", or "bad-option" for an empty list and for a name given twice
 */
export function chosenDiscrepancies(asked: "all" | readonly (string | Measurable)[]): readonly Measurable[] {
  if (asked === "all") return measurables;
  const refuse = (what: string, hint: string) => new AttarError("bad-option", what, hint);
  if (asked.length === 0)
    throw refuse("no discrepancy is named", "--discrepancy all, or names from attar measure --list");
  const chosen = asked.map((one) => (typeof one === "string" ? measurableNamed(one.trim()) : one));
  const names = chosen.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice) throw refuse(`the discrepancy ${twice} is named twice`, "name each once");
  return chosen;
}

/** Values of options: discrepancy → option → value. */
export type GivenOptions = Readonly<Record<string, OptionValues>>;

/**
 * Reads `--set name.option=value`.
 *
 * @throws AttarError "bad-option" for another form, "unknown-discrepancy", "unknown-option" and "invalid-option"
 */
export function parseOptions(sets: readonly string[]): GivenOptions {
  const given: Record<string, Record<string, string>> = {};
  for (const set of sets) {
    const [, name = "", option = "", value = ""] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(set) ?? [];
    if (name === "" || value.trim() === "")
      throw new AttarError(
        "bad-option",
        `--set ${set}: expected discrepancy.option=value`,
        "for example --set wasserstein.p=1; attar measure --list names them",
      );
    const found = measurableNamed(name);
    given[found.name] = { ...given[found.name], [option]: value };
    found.resolve(given[found.name]!);
  }
  return given;
}

/** @throws AttarError "unused-option" where an option is of a discrepancy that is not measured */
export function checkUsed(given: GivenOptions, chosen: readonly Measurable[]): void {
  const unused = Object.keys(given).find((name) => !chosen.some((d) => d.name === name));
  if (unused === undefined) return;
  const names = chosen.map(({ name }) => name).join(",");
  throw new AttarError(
    "unused-option",
    `an option of ${unused} is given, and ${unused} is not measured`,
    `measure it too: --discrepancy ${names},${unused}`,
  );
}
