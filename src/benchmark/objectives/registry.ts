import { AttarError, nearest, readPartText } from "../../engine/index.ts";
import { parseReading, readings, readingText } from "../../evaluate/index.ts";
import type { Derivation } from "../derived/derivation.ts";
import { derivationOf, derivations } from "../derived/registry.ts";
import type { AuditSize } from "../jobs/job.ts";
import type { Objective } from "./objective.ts";

/** Objectives beside the readings of trained networks. */
const own: readonly Objective[] = [
  { name: "bytes", of: "set" },
  { name: "epsilon", of: "claim" },
  { name: "seconds", of: "machine" },
  { name: "multiply-adds", of: "machine" },
  { name: "energy", of: "machine" },
];

/** Objectives whose parts attar has not: a study may ask for them, and gets rows that say so. */
const absent: Readonly<Record<string, string>> = {
  robustness: "robustness is read under a named attack: apgd-ce:linf,8/255, for one",
};

/** The names of all objectives. */
export const objectiveNames = (): readonly string[] => [
  ...readings.map(({ name }) => name),
  ...own.map(({ name }) => name),
  "membership",
  ...derivations.map(({ name }) => name),
  ...Object.keys(absent),
];

/**
 * The objective that a text of a study names. A reading comes first, so that one which registers under a name that was absent
 * takes its place.
 *
 * @throws AttarError "unknown-objective", and as `parseReading` does for a reading's options
 */
export function parseObjective(text: string): Objective {
  const [head = ""] = text.split(":");
  if (readings.some(({ name }) => name === head)) {
    const reading = parseReading(text);
    return { name: readingText(reading), of: "network", reading };
  }
  const found = own.find(({ name }) => name === text);
  if (found) return found;
  if (head === "membership") return { name: text, of: "audit", audit: auditIn(text) };
  const derivation = derivationOf(head);
  if (derivation) return { name: text, of: "derived", options: optionsIn(text, derivation) };
  if (Object.hasOwn(absent, head)) return { name: text, of: "nothing", absent: absent[head]! };
  const names = objectiveNames();
  const guess = nearest(head, names);
  throw new AttarError(
    "unknown-objective",
    `there is no objective "${text}"`,
    guess ? `did you mean "${guess}"?` : `objectives: ${names.join(", ")}`,
  );
}

/** The options that a text gives a derived objective. @throws AttarError "unknown-objective" for one that it has not */
function optionsIn(text: string, { name, options }: Derivation): Readonly<Record<string, string>> {
  const names = Object.keys(options);
  const malformed = (piece: string) =>
    new AttarError(
      "unknown-objective",
      `objective "${text}": ${name} takes ${names.length > 0 ? `${names.join(", ")}, not "${piece}"` : "no options"}`,
      names.length > 0 ? `for example ${name}:${names[0]}=${options[names[0]!]}` : `write "${name}"`,
    );
  const { options: given } = readPartText(text, () => name, malformed);
  const odd = Object.keys(given).find((option) => !names.includes(option));
  if (odd !== undefined) throw malformed(odd);
  return { ...options, ...given };
}

/** The size of an audit where a study says none. */
const usualShadows = 16;

/** The size that a text gives an audit: "membership:shadows=32,pool=4000". @throws AttarError "unknown-objective" */
function auditIn(text: string): AuditSize {
  const malformed = (piece: string) =>
    new AttarError(
      "unknown-objective",
      `objective "${text}": membership takes shadows, 4 at least, and pool, not "${piece}"`,
      "for example membership:shadows=16,pool=4000",
    );
  const { options } = readPartText(text, (name) => name, malformed);
  const size = (option: string, least: number): number | undefined => {
    const given = options[option];
    if (given === undefined) return undefined;
    const value = Number(given);
    if (!Number.isSafeInteger(value) || value < least) throw malformed(`${option}=${given}`);
    return value;
  };
  const odd = Object.keys(options).find((option) => option !== "shadows" && option !== "pool");
  if (odd !== undefined) throw malformed(odd);
  const pool = size("pool", 1);
  return { shadows: size("shadows", 4) ?? usualShadows, ...(pool !== undefined && { pool }) };
}
