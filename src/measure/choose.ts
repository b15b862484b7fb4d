import type { Discrepancy } from "../discrepancies/discrepancy.ts";
import { discrepancies, discrepancyNamed } from "../discrepancies/registry.ts";
import { AttarError, nearest } from "../engine/index.ts";

/**
 * The discrepancies asked for by name, and records of the caller's own, in that order; the whole registry for "all".
 *
 * @throws AttarError "unknown-discrepancy", or "bad-option" for an empty list and for a name given twice
 */
export function chosenDiscrepancies(asked: "all" | readonly (string | Discrepancy)[]): readonly Discrepancy[] {
  if (asked === "all") return discrepancies;
  const refuse = (what: string, hint: string) => new AttarError("bad-option", what, hint);
  if (asked.length === 0)
    throw refuse("no discrepancy is named", "--discrepancy all, or names from attar measure --list");
  const chosen = asked.map((one) => (typeof one === "string" ? discrepancyNamed(one.trim()) : one));
  const names = chosen.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice) throw refuse(`the discrepancy ${twice} is named twice`, "name each once");
  return chosen;
}

/** Values of settings: discrepancy → setting → number. */
export type GivenSettings = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * Reads `--set name.setting=value`.
 *
 * @throws AttarError "bad-option" for another form or no number, "unknown-discrepancy" and "unknown-setting" for names
 */
export function parseSettings(sets: readonly string[]): GivenSettings {
  const given: Record<string, Record<string, number>> = {};
  for (const set of sets) {
    const [, name = "", setting = "", text = ""] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(set) ?? [];
    const value = Number(text);
    if (name === "" || text.trim() === "" || Number.isNaN(value))
      throw new AttarError(
        "bad-option",
        `--set ${set}: expected discrepancy.setting=number`,
        "for example --set wasserstein.p=1; attar measure --list names them",
      );
    const found = discrepancyNamed(name);
    checkSetting(found, setting, value);
    given[found.name] = { ...given[found.name], [setting]: value };
  }
  return given;
}

/** @throws AttarError "unused-setting" where a setting is of a discrepancy that is not measured */
export function checkUsed(given: GivenSettings, chosen: readonly Discrepancy[]): void {
  const unused = Object.keys(given).find((name) => !chosen.some((d) => d.name === name));
  if (unused === undefined) return;
  const names = chosen.map(({ name }) => name).join(",");
  throw new AttarError(
    "unused-setting",
    `a setting of ${unused} is given, and ${unused} is not measured`,
    `measure it too: --discrepancy ${names},${unused}`,
  );
}

/** Every setting a discrepancy declares, given or default. */
export function settingsFor(discrepancy: Discrepancy, given: GivenSettings): Record<string, number> {
  const own = given[discrepancy.name] ?? {};
  for (const [setting, value] of Object.entries(own)) checkSetting(discrepancy, setting, value);
  return Object.fromEntries(
    Object.entries(discrepancy.settings).map(([name, { default: value }]) => [name, own[name] ?? value]),
  );
}

function checkSetting({ name, settings }: Discrepancy, setting: string, value: number): void {
  const known = Object.keys(settings);
  const declared = Object.hasOwn(settings, setting) ? settings[setting] : undefined;
  if (!declared) {
    const near = nearest(setting, known);
    const all = known.length > 0 ? `settings of ${name}: ${known.join(", ")}` : `${name} has no settings`;
    throw new AttarError(
      "unknown-setting",
      `${name} has no setting "${setting}"`,
      near ? `did you mean ${name}.${near}?` : all,
    );
  }
  if ((declared.accepts ?? Number.isFinite)(value)) return;
  throw new AttarError(
    "bad-setting",
    `${name}.${setting} takes ${declared.takes ?? "a number"}, got ${value}`,
    `${declared.meaning}; ${declared.default} by default`,
  );
}
