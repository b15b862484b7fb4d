import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { integer, number } from "../../../engine/index.ts";
import { overLeaves, traced } from "../../traced.ts";
import { inUnitsOf } from "../ground/unitDistance.ts";
import { power } from "./softmin.ts";

/**
 * The debiased entropic transport cost of two sets of rows under ‖x − y‖² (§5.1.4), S_ε itself. ε is a share of the mean cost
 * within T: one ε serves every layer, width and data set.
 */
export const tracedSinkhorn = traced({
  compares: ["rows"],
  options: {
    epsilon: number(0.05, 1e-4, undefined, "regularisation, as a share of the mean cost within T"),
    iterations: integer(10, 1, undefined, "Sinkhorn iterations after those of ε-scaling"),
  },
  make({ epsilon, iterations }) {
    const options = { epsilon, iterations, from: 2 };
    return {
      between: overLeaves((synthetic, real) => {
        const { x, y, unit } = inUnitsOf(real, synthetic);
        return sinkhornDivergence(x, y, options).mul(np.square(unit));
      }),
    };
  },
});

export interface TracedSinkhornOptions {
  /** Costs are ‖x − y‖^p; 2. */
  readonly p?: number;
  /** Regularisation ε > 0, in units of the cost. */
  readonly epsilon: number;
  /** Iterations at ε, after those of the ε-scaling; 20. */
  readonly iterations?: number;
  /** The ε at which ε-scaling starts: about the largest cost. No scaling when left out. */
  readonly from?: number;
  /**
   * Derivatives "through" every iteration, exact for the value computed and to any order; or by the "envelope" theorem,
   * exact at convergence, first order, and as cheap as one iteration. Envelope when left out.
   */
  readonly gradient?: "envelope" | "through";
  /** Weights of sum 1, [n] and [m]; uniform when left out. */
  readonly a?: Traced;
  readonly b?: Traced;
}

/**
 * The debiased entropic divergence S_ε of two sets of points as a traced function, for methods that minimise it.
 * x [n, d], y [m, d] → scalar. Consumes its arrays.
 */
export function sinkhornDivergence(x: Traced, y: Traced, options: TracedSinkhornOptions): Traced {
  const { a, b } = options;
  const logA = logWeights(x.shape[0]!, a);
  const logB = logWeights(y.shape[0]!, b);
  const xy = transport(cost(x.ref, y.ref, options), logA.ref, logB.ref, alternating, options);
  const xx = transport(selfCost(x, options), logA.ref, logA, averaging, options);
  const yy = transport(selfCost(y, options), logB.ref, logB, averaging, options);
  return xy.sub(xx.add(yy).mul(0.5));
}

const logWeights = (n: number, weights?: Traced): Traced => (weights ? np.log(weights) : np.full([n], -Math.log(n)));

/** C_ij = ‖x_i − y_j‖^p, [n, m]; a little above zero on coincident points, where roots have no derivative. */
function cost(x: Traced, y: Traced, { p = 2 }: TracedSinkhornOptions): Traced {
  const own = np.sum(np.square(x.ref), 1).reshape([-1, 1]);
  const other = np.sum(np.square(y.ref), 1);
  const square = own.add(other).sub(np.matmul(x, y.transpose()).mul(2));
  return p === 2 ? square : power(np.maximum(square, 1e-6), p);
}

/** The costs within one set, exactly zero from a point to itself. Consumes x. */
const selfCost = (x: Traced, options: TracedSinkhornOptions): Traced =>
  cost(x.ref, x, options).mul(np.eye(x.shape[0]!).mul(-1).add(1));

/** The next potential of b from the last one. Consumes g. */
type Iteration = (g: Traced, rows: HalfStep, columns: HalfStep, epsilon: number) => Traced;
type HalfStep = (potential: Traced, epsilon: number) => Traced;

const alternating: Iteration = (g, rows, columns, e) => columns(rows(g, e), e);
/** From a measure to itself there is one potential, and the mean of it and its half step converges fast. */
const averaging: Iteration = (g, rows, _, e) => g.ref.add(rows(g, e)).mul(0.5);

/** OT_ε between weights exp(logA) and exp(logB): the dual objective after the iterations. Consumes its arrays. */
function transport(
  costs: Traced,
  logA: Traced,
  logB: Traced,
  iteration: Iteration,
  { epsilon, iterations = 20, from = epsilon, gradient = "envelope" }: TracedSinkhornOptions,
): Traced {
  const still = (v: Traced) => (gradient === "envelope" ? lax.stopGradient(v) : v);
  const [C, hA, hB] = [still(costs.ref), still(logA.ref), still(logB.ref)];
  const rows: HalfStep = (g, e) => softmin(hB.ref.add(g.mul(1 / e)), C.ref, 1, e);
  const columns: HalfStep = (f, e) => softmin(hA.ref.add(f.mul(1 / e)).reshape([-1, 1]), C.ref, 0, e);
  let g = np.zeros([costs.shape[1]!]);
  for (let e = from; e > epsilon; e *= 0.7) g = iteration(g, rows, columns, e);
  for (let k = 0; k < iterations; k++) g = iteration(g, rows, columns, epsilon);
  const f = still(rows(g.ref, epsilon));
  g = still(g);
  for (const spent of [C, hA, hB]) spent.dispose();
  // ⟨a, f⟩ + ⟨b, g⟩ − ε(Σ P − 1): stationary in f and g at the optimum, with derivative P in C.
  const exponent = f.ref
    .reshape([-1, 1])
    .add(g.ref)
    .sub(costs)
    .mul(1 / epsilon);
  const plan = np.exp(exponent.add(logA.ref.reshape([-1, 1])).add(logB.ref));
  const value = np.sum(np.exp(logA).mul(f)).add(np.sum(np.exp(logB).mul(g)));
  return value.sub(np.sum(plan).sub(1).mul(epsilon));
}

/** −ε log Σ exp(h − C/ε) over one axis. Consumes its arrays. */
function softmin(h: Traced, C: Traced, axis: number, epsilon: number): Traced {
  const z = h.sub(C.mul(1 / epsilon));
  const most = lax.stopGradient(np.max(z.ref, axis, { keepdims: true }));
  const sum = np.log(np.sum(np.exp(z.sub(most.ref)), axis));
  return sum.add(most.reshape([-1])).mul(-epsilon);
}
