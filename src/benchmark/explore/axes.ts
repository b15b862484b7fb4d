import { minimisedDistances } from "../../condense/index.ts";
import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { criteria, criterionNamed, distanceNamed } from "../../discrepancies/index.ts";
import {
  AttarError,
  type OptionRules,
  type OptionValues,
  partText,
  readPartText,
  resolveOptions,
  serves,
} from "../../engine/index.ts";
import {
  architectureNamed,
  networkText,
  resolveNetwork,
  solverNamed,
  sourceNamed,
  sourceRegistry,
} from "../../hypotheses/index.ts";
import { solvers } from "../../hypotheses/solvers/index.ts";
import { spaceNamed, spaceRegistry } from "../../synthetic/index.ts";
import { trickNamed, trickRegistry } from "../../tricks/index.ts";
import { viewNamed, viewRegistry } from "../../views/index.ts";
import type { Choice, Exploration } from "../study/schema.ts";

/** The axes that an exploration crosses: what is compared and how it is seen, the data space, hypotheses and their networks, tricks. */
export const axisNames = ["discrepancy", "view", "space", "hypotheses", "network", "trick"] as const;
export type AxisName = (typeof axisNames)[number];

/** A choice on an axis: a part with options, under a name of its own. */
export interface AxisChoice {
  readonly label: string;
  readonly name: string;
  readonly options: OptionValues;
}

export type Axes = Readonly<Record<AxisName, readonly AxisChoice[]>>;

/** The choice that leaves an axis as the base record has it: no trick. */
export const none = "none";

/** Tells whether a choice of the axis of discrepancies is a criterion of what a solver finds; the view is a solver then. */
export const isCriterion = (name: string): boolean => Object.hasOwn(criteria, name);

interface Room {
  /** What the study's file calls the axis. */
  readonly key: Exclude<keyof Exploration, "budget" | "base">;
  readonly all: (info: DatasetInfo) => readonly string[];
  readonly rules: (name: string) => OptionRules;
}

const served =
  (registry: { readonly names: readonly string[]; readonly parts: Readonly<Record<string, object>> }) =>
  (info: DatasetInfo) =>
    registry.names.filter((name) => serves(registry.parts[name]!, info.domain.kind));

const rooms = {
  discrepancy: {
    key: "discrepancies",
    all: () => [...minimisedDistances(), ...Object.keys(criteria)],
    rules: (name) => (isCriterion(name) ? criterionNamed(name).options : distanceNamed(name).options),
  },
  view: {
    key: "views",
    all: (info) => [...served(viewRegistry)(info), ...Object.keys(solvers)],
    rules: (name) => (Object.hasOwn(solvers, name) ? solverNamed(name).options : viewNamed(name).options),
  },
  // Generators and networks trained beforehand take time that no budget of steps counts: they are named by whoever wants them.
  space: {
    key: "spaces",
    all: (info) => served(spaceRegistry)(info).filter((name) => !Object.hasOwn(spaceNamed(name).options, "generator")),
    rules: (name) => spaceNamed(name).options,
  },
  hypotheses: {
    key: "hypotheses",
    all: (info) => served(sourceRegistry)(info).filter((name) => !sourceNamed(name).needs),
    rules: (name) => sourceNamed(name).options,
  },
  network: {
    key: "networks",
    all: (info) => [networkText(resolveNetwork(info.domain.network))],
    rules: (name) => architectureNamed(name).options,
  },
  trick: {
    key: "tricks",
    all: (info) => [none, ...served(trickRegistry)(info)],
    rules: (name) => trickNamed(name).options,
  },
} satisfies Readonly<Record<AxisName, Room>>;

/**
 * The choices on every axis: those that the study lists, or all parts that serve the dataset.
 *
 * @param where the study's file, for errors
 * @throws AttarError "bad-study" for a part or an option that there is not
 */
export function axesOf(exploration: Exploration, info: DatasetInfo, where: string): Axes {
  const of = (axis: AxisName): readonly AxisChoice[] => {
    const { key, all, rules }: Room = rooms[axis];
    const listed = (exploration[key] as readonly Choice[] | undefined) ?? all(info);
    const choices = listed.map((choice) => choiceOf(axis, choice, rules, `${where}: explore.${key}`));
    const twice = choices.find(({ label }, i) => choices.findIndex((one) => one.label === label) !== i);
    if (!twice) return choices;
    throw new AttarError(
      "bad-study",
      `${where}: explore.${key} has "${twice.label}" twice`,
      'give one of them a name of its own: "as"',
    );
  };
  return {
    discrepancy: of("discrepancy"),
    view: of("view"),
    space: of("space"),
    hypotheses: of("hypotheses"),
    network: of("network"),
    trick: of("trick"),
  };
}

/** A choice as it is written, its options checked: "mmd", "mmd:kernel=laplace", or an object. */
function choiceOf(axis: AxisName, written: Choice, rules: Room["rules"], where: string): AxisChoice {
  if (axis === "trick" && written === none) return { label: none, name: none, options: {} };
  try {
    const { name, given, label } = readChoice(written, rules);
    const all: OptionValues = resolveOptions(`${axis} "${name}"`, rules(name), given);
    const options = Object.fromEntries(Object.entries(all).filter(([option]) => Object.hasOwn(given, option)));
    return { label: label ?? partText(name, options, rules(name)), name, options };
  } catch (error) {
    throw error instanceof AttarError ? new AttarError("bad-study", `${where}: ${error.message}`, error.hint) : error;
  }
}

function readChoice(written: Choice, rules: Room["rules"]): { name: string; given: OptionValues; label?: string } {
  if (typeof written !== "string") {
    const { name, options = {}, as } = written;
    return { name, given: options, ...(as !== undefined && { label: as }) };
  }
  const malformed = (piece: string) =>
    new AttarError("bad-study", `cannot read "${piece}" in "${written}"`, 'for example "mmd:kernel=gaussian"');
  const { options } = readPartText(written, rules, malformed);
  return { name: written.split(":")[0]!.trim().toLowerCase(), given: options };
}
