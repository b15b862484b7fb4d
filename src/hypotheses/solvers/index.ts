export {
  type ConjugateGradientOptions,
  conjugateGradient,
  type LinearMap,
  type LinearSolution,
} from "./conjugateGradient.ts";
export {
  type Convexified,
  type ConvexifiedFit,
  type ConvexifiedGradient,
  type ConvexifiedOptions,
  convexified,
} from "./convexified.ts";
export { type Along, type Batch, type Derivatives, derivativesOf } from "./derivatives.ts";
export { atMostNormOf, clippedByAverage, type NormAverage, type NormClip } from "./gradientNorm.ts";
export {
  type Implicit,
  type ImplicitGradient,
  type ImplicitOptions,
  type InverseHessian,
  implicit,
} from "./implicit.ts";
export {
  crossEntropyOf,
  type InnerLoss,
  type InnerLossOptions,
  type NamedTensors,
  type NamedTraced,
  squaredErrorOf,
} from "./innerLoss.ts";
export { kernelRidge } from "./kernelRidge/kernelRidge.ts";
export {
  halfMeanSquare,
  type KernelRidge,
  type KernelRidgeOptions,
  type PredictionLoss,
  type RidgeFit,
  type RidgeGradient,
  type Targets,
} from "./kernelRidge/ridge.ts";
export { type Eigenpair, largestEigenvalue } from "./largestEigenvalue.ts";
export { type NeumannOptions, neumannSeries } from "./neumannSeries.ts";
export { paramsOf, vectorOf } from "./parameterVector.ts";
export { type SolverName, type SolversOf, solverNamed, solverRegistry, solvers } from "./registry.ts";
export type {
  InnerProblem,
  Learned,
  NetworkSolver,
  Perturbed,
  PredictorSolver,
  SolvedGradient,
  SolverContext,
  SolverKind,
  TrainedNetwork,
  Yielded,
} from "./solver.ts";
export { type Truncation, truncated } from "./truncation.ts";
export {
  type InnerData,
  type InnerSchedule,
  type InnerStep,
  type Trajectory,
  type TrajectoryGradient,
  type Unrolled,
  unrolled,
} from "./unroll.ts";
