import { AttarError, nearest } from "../engine/index.ts";
import { channelFormation } from "./channelFormation.ts";
import { pixels } from "./pixels.ts";
import type { SpaceKind } from "./space.ts";
import { spectral } from "./spectral.ts";

/** Every data space, by the name declarations use. */
export const spaces = { pixels, "channel-formation": channelFormation, spectral } satisfies Record<string, SpaceKind>;

export type SpaceName = keyof typeof spaces;

/** The data space a declaration names. @throws AttarError "unknown-space" */
export function spaceNamed(name: string): SpaceKind {
  if (Object.hasOwn(spaces, name)) return spaces[name as SpaceName];
  const names = Object.keys(spaces);
  const guess = nearest(name, names);
  throw new AttarError(
    "unknown-space",
    `there is no data space named "${name}"`,
    guess ? `did you mean "${guess}"?` : `use one of ${names.join(", ")}`,
  );
}

export { checkInitialisation, type Initialisation, initialisationCitations, initialisations } from "./initialise.ts";
export { type Labels, labelOptions, labelsOf } from "./labels.ts";
export { drawnRules, type SlowSelection, selectCoreset, selectCoresetBy } from "./select.ts";
export type { DataSpace, SpaceKind, TracedVariables, Variables, VariableTraits } from "./space.ts";
