import { AttarError, nearest } from "./errors.ts";
import type { OptionRules } from "./options.ts";
import { type OptionsSchema, optionRows, optionsSchema } from "./optionTables.ts";

/** The least that a registry asks of its parts. */
export interface Declared {
  /** One line for tables. */
  readonly title: string;
  readonly options: OptionRules;
}

/** The words of a registry's error for an unknown name. */
export interface RegistryWords {
  /** The error's code; "unknown-" and the noun where left out. */
  readonly code?: string;
  /** The sentence; `there is no <noun> named "<name>"` where left out. */
  readonly sentence?: (name: string) => string;
  /** The hint, of the nearest known name where one is near and of all known names. */
  readonly hint?: (near: string | undefined, known: readonly string[]) => string;
  /** Names that are taken where these are, beside the registry's own: the error lists them first. */
  readonly beside?: readonly string[];
}

/** The parts of one kind by the name that declarations, settings and files use. */
export interface Registry<P extends Readonly<Record<string, Declared>>> {
  readonly noun: string;
  readonly parts: P;
  readonly names: readonly (keyof P & string)[];
  has(name: string): name is keyof P & string;
  /**
   * The part of that name.
   *
   * @param beside more names that would have been taken where this was asked; the error lists them last.
   * @throws AttarError with the registry's code and a hint of the nearest name.
   */
  named(name: string, beside?: readonly string[]): P[keyof P & string];
  /**
   * Adds a part of one's own.
   *
   * @returns takes it out again
   * @throws AttarError "taken-name" where there is one of that name
   */
  register(name: string, part: Declared): () => void;
  /** The JSON Schema of a part's options. @throws AttarError for an unknown name. */
  schema(name: string): OptionsSchema;
  /** Rows of a table for documentation: part and option, what the option takes, its default, its meaning. */
  rows(): string[][];
}

/**
 * The one implementation of a registry.
 *
 * @param noun what one part is called in sentences: "data space"
 */
export function registry<const P extends Readonly<Record<string, Declared>>>(
  noun: string,
  parts: P,
  words: RegistryWords = {},
): Registry<P> {
  const names = Object.keys(parts) as (keyof P & string)[];
  const has = (name: string): name is keyof P & string => Object.hasOwn(parts, name);
  const at = <N extends keyof P & string>(name: N): P[N] => parts[name];
  const named = (name: string, beside: readonly string[] = []): P[keyof P & string] => {
    if (has(name)) return at(name);
    throw unknownName(noun, name, [...(words.beside ?? []), ...names, ...beside], words);
  };
  return {
    noun,
    parts,
    names,
    has,
    named,
    register(name, part) {
      if (has(name) || words.beside?.includes(name))
        throw new AttarError("taken-name", `there is a ${noun} named "${name}" already`, "give yours another name");
      Object.assign(parts, { [name]: part });
      const added = Object.keys(parts).find((key): key is keyof P & string => key === name);
      if (added !== undefined) names.push(added);
      return () => {
        Reflect.deleteProperty(parts, name);
        names.splice(0, names.length, ...names.filter((known) => known !== name));
      };
    },
    schema: (name) => optionsSchema(named(name).options),
    rows: () =>
      names.flatMap((name) => optionRows(named(name).options).map(([o, ...rest]) => [`${name}.${o}`, ...rest])),
  };
}

/** The error for a name that none of `known` is, with the nearest of them. */
export function unknownName(
  noun: string,
  name: string,
  known: readonly string[],
  { code, sentence, hint }: RegistryWords = {},
): AttarError {
  const near = nearest(name, known);
  return new AttarError(
    code ?? `unknown-${noun.replaceAll(" ", "-")}`,
    sentence?.(name) ?? `there is no ${noun} named "${name}"`,
    hint?.(near, known) ?? (near ? `did you mean "${near}"?` : `use one of ${known.join(", ")}`),
  );
}
