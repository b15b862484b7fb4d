import { AttarError, nearest } from "../../engine/index.ts";
import { convexifiedSolver } from "./convexifiedSolver.ts";
import { kernelRidgeSolver } from "./kernelRidgeSolver.ts";
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

/** The solver a declaration names. @throws AttarError "unknown-solver" */
export function solverNamed(name: string): SolverKind {
  if (Object.hasOwn(solvers, name)) return solvers[name as SolverName];
  const names = Object.keys(solvers);
  const guess = nearest(name, names);
  throw new AttarError(
    "unknown-solver",
    `there is no solver named "${name}"`,
    guess ? `did you mean "${guess}"?` : `use one of ${names.join(", ")}`,
  );
}
