export { attackEfficiency } from "./attackEfficiency.ts";
export { augmentationRobustScore, type BesideRandom } from "./augmentationRobustScore.ts";
export { type CrossArchitecture, crossArchitecture } from "./crossArchitecture.ts";
export { hardLabelRecovery } from "./hardLabelRecovery.ts";
export { improvementOverRandom } from "./improvementOverRandom.ts";
export { labelRobustScore } from "./labelRobustScore.ts";
export { type CorruptionErrors, meanCorruptionError } from "./meanCorruptionError.ts";
export { robustnessEfficiencyIndex } from "./robustnessEfficiencyIndex.ts";
export { robustnessRatio, squaredRobustnessRatio, type UnderAttack } from "./robustnessRatio.ts";
