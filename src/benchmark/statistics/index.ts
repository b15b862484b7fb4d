export { type BootstrapOptions, bootstrapInterval, percentileInterval, quantile, resampled } from "./bootstrap.ts";
export { cliques, rankGroups } from "./cliques.ts";
export {
  type CompareOptions,
  type Comparison,
  compare,
  fewestBlocks,
  type Pair,
  type Runs,
  type Test,
} from "./compare.ts";
export { type Complete, complete, coverage, type Table } from "./coverage.ts";
export { type Friedman, friedman } from "./friedman.ts";
export { differenceIntervals, rankIntervals } from "./hierarchicalBootstrap.ts";
export { holm } from "./holm.ts";
export { contributions, hypervolume } from "./hypervolume.ts";
export { type Interval, overlap, studentInterval } from "./interval.ts";
export { deviation, mean } from "./mean.ts";
export { criticalDifference, nemenyiP } from "./nemenyi.ts";
export { pairedT } from "./pairedT.ts";
export { dominates, exactly, paretoFront } from "./pareto.ts";
export { kendall, spearman } from "./rankCorrelation.ts";
export { type Better, meanRanks, ranks } from "./ranks.ts";
export { type SignedRank, signedRank } from "./wilcoxon.ts";
export { type Measured, type WinTieLoss, winTieLoss } from "./winTieLoss.ts";
