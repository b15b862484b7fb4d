import { join } from "node:path";
import { AttarError } from "../engine/errors.ts";
import {
  type Claim,
  checkedClaim,
  epsilonOf,
  groupEpsilon,
  type Relation,
  renyiEpsilon,
  type Spent,
  sigmaFor,
} from "../privacy/index.ts";
import { readJsonObject } from "./jsonFile.ts";
import { type OutputOptions, print, printJson } from "./output.ts";

export interface ReleasesFlags extends OutputOptions {
  readonly q?: number;
  readonly steps?: number;
  readonly delta?: number;
  readonly relation?: string;
}
export interface EpsilonFlags extends ReleasesFlags {
  readonly sigma?: number;
  readonly group?: number;
}
export interface SigmaFlags extends ReleasesFlags {
  readonly epsilon?: number;
}

const relations: Readonly<Record<Relation, string>> = {
  "add-remove": "data sets of which one has a sample more",
  "replace-one": "data sets with one sample in another one's place",
};

/** `attar privacy <run>`: the claim of a run, its ε computed anew. @throws AttarError exit code 1 where it does not stand */
export function privacyCommand(run: string | undefined, flags: OutputOptions): void {
  if (run === undefined)
    throw new AttarError(
      "bad-option",
      "attar privacy takes the folder of a run",
      "for example attar privacy runs/mnist",
    );
  const path = run.endsWith(".json") ? run : join(run, "privacy.json");
  const read = readJsonObject(path, {
    code: "not-private",
    noun: "claim of privacy",
    takes: "attar privacy takes the folder of a run that is done and keeps privacy",
    form: "privacy.json holds one object, as a private run writes it",
  });
  const claim = checkedClaim(read, path);
  if (flags.json) printJson(claim);
  else print(wordsOf(claim).join("\n"));
  if (claim.against.length > 0)
    throw new AttarError(
      "no-claim",
      `nothing is claimed: ${claim.against.join("; ")}`,
      "ε holds of the noise alone",
      1,
    );
}

function wordsOf({ epsilon, delta, relation, unit, releases, clip, sampling, accountant, ...claim }: Claim): string[] {
  return [
    `ε ${shown(epsilon)} at δ ${delta}: ${relations[relation]}, ${unit}; an upper bound (${accountant})`,
    ...releases.map(
      ({ what, sigma, rate, steps }) =>
        `${steps} ${what}: σ ${sigma}${rate < 1 ? `, each sample in with probability ${shown(rate)}` : ""}`,
    ),
    `clip ${clip}, ${sampling}, noise ${claim.noise === "grid" ? "discrete, on a grid" : "of floats"}`,
    `known to everyone: ${claim.public.join("; ")}`,
  ];
}

/** `attar privacy epsilon`: the ε that noise costs. */
export function epsilonCommand(flags: EpsilonFlags): void {
  const { sigma = missing("--sigma", "1"), group = 1 } = flags;
  const { rate, steps, delta, relation } = releasesOf(flags);
  const releases = [{ sigma, rate, steps }];
  const spent = epsilonOf(releases, delta, relation);
  const renyi = renyiEpsilon(releases, delta, relation);
  const ofGroup = group > 1 && relation === "add-remove" ? groupEpsilon(releases, delta, group) : undefined;
  const words = [
    ...wordsOfSpent(spent, delta, relation),
    `by Rényi divergences ${shown(renyi)}`,
    ...(ofGroup === undefined ? [] : [`${group} samples of one person: ε ${shown(ofGroup)}`]),
  ];
  if (flags.json) printJson({ ...releases[0], delta, relation, ...spent, renyi, ...(ofGroup && { group: ofGroup }) });
  else print(words.join("\n"));
}

/** `attar privacy sigma`: the least noise that keeps an ε. */
export function sigmaCommand(flags: SigmaFlags): void {
  const { epsilon = missing("--epsilon", "1") } = flags;
  const { rate, steps, delta, relation } = releasesOf(flags);
  const { sigma, spent } = sigmaFor(epsilon, delta, { rate, steps }, relation);
  if (flags.json) printJson({ sigma, rate, steps, delta, relation, ...spent });
  else print([`σ ${sigma}`, ...wordsOfSpent(spent, delta, relation)].join("\n"));
}

const wordsOfSpent = ({ lower, upper, accountant }: Spent, delta: number, relation: Relation) => [
  `ε ${shown(upper)} at δ ${delta}: ${relations[relation]}; ${accountant === "exact" ? "exact" : `an upper bound, and no less than ${shown(lower)}`}`,
];

function releasesOf({ q = 1, steps = 1, delta = missing("--delta", "1e-5"), relation = "add-remove" }: ReleasesFlags) {
  if (relation !== "add-remove" && relation !== "replace-one")
    throw new AttarError("bad-option", `unknown relation "${relation}"`, "--relation add-remove or replace-one");
  return { rate: q, steps, delta, relation } as const;
}

const missing = (flag: string, example: string): never => {
  throw new AttarError("bad-option", `${flag} is missing`, `for example ${flag} ${example}`);
};

const shown = (value: number) => String(Number(value.toPrecision(6)));
