import { checkServing, type DomainKind, registry, type Serving } from "../engine/index.ts";
import { channelFormation } from "./channelFormation.ts";
import { hallucinated } from "./hallucinated.ts";
import { latent } from "./latent.ts";
import { pixels } from "./pixels.ts";
import type { SpaceKind } from "./space.ts";
import { spectral } from "./spectral.ts";

/** Every data space, by the name declarations use. */
export const spaces = {
  pixels,
  "channel-formation": channelFormation,
  spectral,
  hallucinated,
  latent,
} satisfies Record<string, SpaceKind>;

export type SpaceName = keyof typeof spaces;

/** The data spaces as a registry. */
export const spaceRegistry = registry("data space", spaces, { code: "unknown-space" });

/** The data space a declaration names. @throws AttarError "unknown-space" */
export const spaceNamed = (name: string): SpaceKind => spaceRegistry.named(name);

/** Refuses a data space that does not serve samples of a kind. @throws AttarError "bad-combination" */
export function checkSpaceServes(name: string, kind: DomainKind): void {
  const parts: Readonly<Record<string, Serving>> = spaces;
  checkServing(
    "data space",
    name,
    parts,
    kind,
    (serving) => `choose a method whose data space is ${serving}: attar methods`,
  );
}

export { Decoding } from "./decoding.ts";
export { encoderAsked, type FittedSpec } from "./encoderOption.ts";
export { givenImages } from "./givenImages.ts";
export {
  coresetRules,
  type InitialisationName,
  type InitialisationRule,
  initialisationNamed,
  initialisationRegistry,
  initialisations,
  isDrawn,
} from "./initialisations.ts";
export { initialiseImages } from "./initialise.ts";
export { type Labels, type LabelValues, labelOptions, labelsOf } from "./labels.ts";
export { generatorAsked } from "./latent/options.ts";
export { type GeneratorRequest, selectCoreset } from "./select.ts";
export type {
  DataSpace,
  SpaceExtent,
  SpaceGround,
  SpaceKind,
  StoredForm,
  TracedVariables,
  Variables,
  VariableTraits,
} from "./space.ts";
