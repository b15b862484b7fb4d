import type { OptionRules, OptionValues, Resolved } from "../../engine/index.ts";
import { text } from "../../engine/index.ts";
import type { GeneratorGround, GeneratorKind } from "../generator.ts";
import { type Body, importedGenerator } from "./body.ts";
import type { ForeignTensors } from "./foreignTensors.ts";
import type { SlotTable } from "./slots.ts";

/** The arguments that a model's authors made it with, as a JSON file names them. */
export type ForeignConfig = Readonly<Record<string, unknown>>;

/** The option that every family has: which weights they are. */
export const weightsOption = {
  weights: text(
    "none",
    "the first 12 digits of the SHA-256 of a file that attar generators --import has read",
    (value) => /^(?:[0-9a-f]{12}|none)$/.test(value),
    "file that its weights come from",
  ),
};

/** A family of generators that are trained elsewhere: how a file's tensors are called, and what is computed of them. */
export interface FamilyRecord<R extends OptionRules> extends Omit<GeneratorKind<R>, "make" | "formula"> {
  /** What the family's training minimised, where it is known. */
  readonly formula: string;
  /** The first part of the names of its tensors within a larger model. */
  readonly part?: string;
  /** Names of tensors that nothing is read of. */
  readonly ignored?: RegExp;
  /** Options by what a file's tensors are called and sized, and by its authors' arguments. @throws AttarError "bad-data" */
  sizes(file: ForeignTensors, config: ForeignConfig): OptionValues;
  /**
   * Its tensors, and what they are made of.
   *
   * @param file the names that are used, where there are several layouts; left out where only shapes are asked for
   */
  table(options: Resolved<R>, file?: ForeignTensors): SlotTable;
  body(options: Resolved<R>, ground: GeneratorGround): Body;
}

/** A family as a kind of generator. */
export interface Family<R extends OptionRules = OptionRules> extends GeneratorKind<R> {
  /** How its weights are read; kinds that attar trains have none. */
  readonly foreign: Pick<FamilyRecord<R>, "part" | "ignored" | "sizes" | "table">;
}

/** Declares a family: its record with the options that all have. */
export function declareFamily<const R extends OptionRules>(
  name: string,
  record: FamilyRecord<R>,
): Family<R & typeof weightsOption> {
  const { part, ignored, sizes, table, body, ...kind } = record;
  return {
    ...kind,
    domains: ["image"],
    options: { ...record.options, ...weightsOption },
    foreign: { part, ignored, sizes, table },
    make: (options, ground) =>
      importedGenerator(
        { name, options: options as OptionValues },
        table(options as Resolved<R>),
        body(options as Resolved<R>, ground),
        ground,
      ),
  } as Family<R & typeof weightsOption>;
}
