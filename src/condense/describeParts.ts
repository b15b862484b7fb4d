import { criteria, type Discrepancy, discrepancies } from "../discrepancies/index.ts";
import { type Declared, type DomainKind, type OptionsSchema, optionsSchema, type Serving } from "../engine/index.ts";
import { architectureRegistry, solverRegistry, sourceRegistry } from "../hypotheses/index.ts";
import { initialisationRegistry, spaceRegistry } from "../synthetic/index.ts";
import { trickRegistry } from "../tricks/index.ts";
import { type View, viewRegistry } from "../views/index.ts";

/** The four axes of the paper's §3.5, on which a method is a point. */
export type MethodAxis = "discrepancy" | "data space" | "hypothesis space" | "tricks";

/** A part that a method can be made of, as a form needs it. */
export interface PartDescription {
  readonly name: string;
  /** One line. */
  readonly title: string;
  /** The JSON Schema of its options. */
  readonly options: OptionsSchema;
  /** The kinds of samples that it serves; every kind where left out. */
  readonly domains?: readonly DomainKind[];
  /** The kinds of values that a view yields. */
  readonly yields?: string;
  /** The kinds of values that a discrepancy compares where it is minimised. */
  readonly compares?: readonly string[];
  /** Whether a discrepancy can be minimised; one that cannot is for measuring alone. */
  readonly minimised?: boolean;
}

/** The parts of one registry. */
export interface PartsDescription {
  /** The word for one of them: "view". */
  readonly noun: string;
  readonly axis: MethodAxis;
  /** The first word of the paths by which their options are set: "hypotheses" in `hypotheses.every`; of tricks, the name follows it. */
  readonly head: string;
  readonly parts: readonly PartDescription[];
}

interface Described {
  readonly noun: string;
  readonly names: readonly string[];
  readonly parts: Readonly<Record<string, Declared & Serving>>;
}

/**
 * The description of every part that is registered, with its options and what goes with what: plain data, from which a form
 * or a command line can be made.
 */
export function describeParts(): readonly PartsDescription[] {
  const views: Readonly<Record<string, View>> = viewRegistry.parts;
  const distances: Readonly<Record<string, Discrepancy>> = discrepancies.parts;
  const criterion = { noun: "criterion", names: Object.keys(criteria), parts: criteria };
  return [
    described("discrepancy", "view", viewRegistry, (name) => ({ yields: views[name]!.yields })),
    described("discrepancy", "discrepancy", discrepancies, (name) => {
      const { traced } = distances[name]!;
      return { minimised: traced !== undefined, ...(traced && { compares: traced.compares }) };
    }),
    described("discrepancy", "criterion", criterion),
    described("data space", "synthetic", spaceRegistry),
    described("data space", "initialisation", initialisationRegistry),
    described("hypothesis space", "hypotheses", sourceRegistry),
    described("hypothesis space", "network", architectureRegistry),
    described("hypothesis space", "solver", solverRegistry),
    described("tricks", "tricks", trickRegistry),
  ];
}

function described(
  axis: MethodAxis,
  head: string,
  { noun, names, parts }: Described,
  traits: (name: string) => Partial<PartDescription> = () => ({}),
): PartsDescription {
  const part = (name: string): PartDescription => {
    const { title, options, domains } = parts[name]!;
    return { name, title, options: optionsSchema(options), ...(domains && { domains }), ...traits(name) };
  };
  return { noun, axis, head, parts: names.map(part) };
}
