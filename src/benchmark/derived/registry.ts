import { augmentationRobustScore } from "./augmentationRobustScore.ts";
import { attackEfficiency, robustnessEfficiencyIndex, robustnessRatio } from "./beard.ts";
import { crossArchitecture } from "./crossArchitecture.ts";
import type { Derivation } from "./derivation.ts";
import { hardLabelRecovery, improvementOverRandom, labelRobustScore } from "./gains.ts";
import { meanCorruptionError } from "./meanCorruptionError.ts";

/** Objectives that are computed from the rows of others. */
export const derivations: readonly Derivation[] = [
  crossArchitecture,
  hardLabelRecovery,
  improvementOverRandom,
  labelRobustScore,
  augmentationRobustScore,
  meanCorruptionError,
  robustnessRatio,
  attackEfficiency,
  robustnessEfficiencyIndex,
];

/** The derivation that an objective names, its options aside; undefined for one that is read or measured. */
export const derivationOf = (objective: string): Derivation | undefined =>
  derivations.find(({ name }) => name === objective.split(":")[0]);
