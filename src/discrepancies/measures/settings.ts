import { AttarError } from "../../engine/index.ts";
import type { Setting } from "../discrepancy.ts";

export type Settings = Readonly<Record<string, Setting>>;

/** A whole number from `least` on. */
export function wholeNumber(value: number, least: number, meaning: string): Setting {
  return {
    default: value,
    meaning,
    takes: `a whole number from ${least}`,
    accepts: (n) => Number.isInteger(n) && n >= least,
  };
}

/** A number above 0. */
export function positive(value: number, meaning: string): Setting {
  return {
    default: value,
    meaning,
    takes: "a number above 0",
    accepts: (n) => n > 0 && n < Number.POSITIVE_INFINITY,
  };
}

/** 0 for no, 1 for yes. */
export function choice(value: 0 | 1, meaning: string): Setting {
  return { default: value, meaning, takes: "0 or 1", accepts: (n) => n === 0 || n === 1 };
}

/** The defaults of declared settings. */
export function defaults(settings: Settings): Record<string, number> {
  return Object.fromEntries(Object.entries(settings).map(([name, { default: value }]) => [name, value]));
}

/** @throws AttarError "bad-setting" for a value its setting does not take. */
export function checkSettings(owner: string, declared: Settings, given: Readonly<Record<string, number>>): void {
  for (const [name, { accepts, takes = "a number" }] of Object.entries(declared)) {
    const value = given[name];
    if (value === undefined || !(accepts ?? Number.isFinite)(value))
      throw new AttarError("bad-setting", `${owner}.${name} is ${takes}, got ${value}`);
  }
}
