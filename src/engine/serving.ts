import { AttarError } from "./errors.ts";
import type { OptionValues } from "./options.ts";

/** The kinds of samples that there are, and what several of a kind are called. */
const words = { image: "images", table: "rows of a table", series: "series", embedding: "embeddings" } as const;

/** A kind of samples: what a part may say that it serves. */
export type DomainKind = keyof typeof words;

/** The word for samples of a kind. */
export const samplesCalled = (kind: DomainKind): string => words[kind];

/** A trait of parts. */
export interface Serving {
  /** The kinds of samples that it serves; every kind where left out. */
  readonly domains?: readonly DomainKind[];
  /**
   * How it serves where numbers are predicted in place of classes: as it is where left out, with options of its own, or not at
   * all for the reason given, as the end of a sentence.
   */
  readonly values?: OptionValues | { readonly refused: string };
}

/** Tells whether a part serves samples of a kind. */
export const serves = ({ domains }: Serving, kind: DomainKind): boolean => domains?.includes(kind) ?? true;

const listed = (names: readonly string[]) =>
  names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names.join();

/**
 * Refuses a part that does not serve samples of a kind.
 *
 * @param noun what one such part is called: "network"
 * @param parts all parts of that sort, by name: the error names those that serve
 * @param type what is typed to choose one that serves, for example `--net mlp`
 * @throws AttarError "bad-combination" (exit code 2)
 */
export function checkServing(
  noun: string,
  name: string,
  parts: Readonly<Record<string, Serving>>,
  kind: DomainKind,
  type: (serving: string) => string,
): void {
  const part = parts[name];
  if (!part || serves(part, kind)) return;
  const able = Object.keys(parts).filter((other) => serves(parts[other]!, kind));
  const served = (part.domains ?? []).map((own) => words[own]).join(" and ");
  throw new AttarError(
    "bad-combination",
    `the ${noun} ${name} serves ${served}, and the samples are ${words[kind]}, which ${listed(able)} serve${able.length === 1 ? "s" : ""}`,
    type(able[0]!),
  );
}

/**
 * The options that a part takes where numbers are predicted in place of classes.
 *
 * @throws AttarError "bad-combination" (exit code 2) where it does not serve them
 */
export function optionsForValues(noun: string, name: string, { values = {} }: Serving): OptionValues {
  const { refused } = values;
  if (refused === undefined) return values as OptionValues;
  throw new AttarError(
    "bad-combination",
    `the ${noun} ${name} serves classes, and numbers are predicted here: ${refused}`,
    "choose another method (attar methods), or leave --target values out to condense for classes",
  );
}
