import { registry } from "../../engine/index.ts";
import { convexifiedSolver } from "./convexifiedSolver.ts";
import { kernelRidgeSolver } from "./kernelRidge/solver.ts";
import type { SolverKind, Yielded } from "./solver.ts";
import { detachedSolver, truncatedSolver, unrolledSolver } from "./unrolledSolver.ts";

const networks = {
  unrolled: unrolledSolver,
  truncated: truncatedSolver,
  detached: detachedSolver,
} satisfies Record<string, SolverKind<"network">>;

const predictors = {
  "kernel-ridge": kernelRidgeSolver,
  convexified: convexifiedSolver,
} satisfies Record<string, SolverKind<"predictor">>;

/** Every solver of an inner problem, by the name declarations use. */
export const solvers = { ...networks, ...predictors };

export type SolverName = keyof typeof solvers;

/** Names of the solvers that yield a network, or a predictor. */
export type SolversOf<Y extends Yielded> = Y extends "network" ? keyof typeof networks : keyof typeof predictors;

/** The solvers as a registry. */
export const solverRegistry = registry("solver", solvers);

/** The solver a declaration names. @throws AttarError "unknown-solver" */
export const solverNamed = (name: string): SolverKind => solverRegistry.named(name);
