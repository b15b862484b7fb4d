import { numpy as np, type Array as Traced } from "@jax-js/jax";
import {
  compile,
  mapGroups,
  perRuntime,
  type RandomKey,
  referenced,
  type Tensor,
  tensor,
} from "../../../engine/index.ts";
import {
  adam,
  descent,
  type Params,
  schedules,
  type TracedParams,
  trainSteps,
  unfitted,
} from "../../../hypotheses/index.ts";
import { drawnByWeight } from "../../measures/index.ts";
import { rowBlocks, single, stripRows } from "../ground/rowBlocks.ts";
import { choose, comparable, type PointMeasure, type WeightedPoints } from "../ground/weightedPoints.ts";
import { contracted, critic, freshCritic, orthonormal } from "./critic.ts";
import { spectralNormBound } from "./spectralNorm.ts";

export interface DualOptions {
  readonly key: RandomKey;
  /** Training steps; 500. */
  readonly steps?: number;
  /** Units of the two hidden layers, even; 64. */
  readonly width?: number;
  readonly signal?: AbortSignal;
}

export interface DualBound {
  /** |E_a h − E_b h| / L <= WM_1(a, b) for the critic h that was trained. */
  readonly value: number;
  /** L, a proven bound of the critic's Lipschitz constant. */
  readonly lipschitz: number;
}

/** Points of either side that a step sees. */
const batch = 256;
/** Rounds of orthonormalisation within a step: weights stay near orthonormal from step to step. */
const rounds = 3;

/**
 * WM_1 by its dual, sup over Lip(h) <= 1 of |E_a h − E_b h| (§2), with h a trained network: a lower bound of WM_1 between
 * the two measures whatever the training reached, since the critic is divided by a proven Lipschitz constant.
 *
 * @throws AttarError (exit code 2) for measures that cannot be compared.
 */
export async function wassersteinDual(
  a: PointMeasure,
  b: PointMeasure,
  { key, steps = 500, width = 64, signal }: DualOptions,
): Promise<DualBound> {
  const [x, y] = comparable(a, b);
  const unit = spread(x, y);
  if (unit.scale === 0) return { value: 0, lipschitz: 1 };
  const [u, v] = [standardised(x, unit), standardised(y, unit)];
  const start = await project()(freshCritic(x.dimension, width, key.fold("critic")));
  // Adam moves every entry by about the rate, and a matrix by its root mean square entry times √(width d).
  const first = Math.min(0.02, 0.6 / Math.sqrt(width * x.dimension));
  const trained = await trainSteps(
    { step: 0, state: unfitted(start, optimizer) },
    steps,
    async (state, step) => {
      const draws = key.fold("batch").fold(step);
      const rate = first * schedules.cosine.factor(step, steps);
      const next = await ascend()(
        state,
        { a: batchOf(u, draws.fold("a")), b: batchOf(v, draws.fold("b")) },
        tensor(rate),
      );
      return { state: next.state, loss: next.loss.item() };
    },
    { name: "training of the Wasserstein critic", hint: "Leave out wasserstein-dual for these sets.", signal },
  );
  const params = await project()(trained.params);
  const lipschitz = Object.values(params).reduce((l, { weight }) => l * spectralNormBound(weight!), 1);
  const gap = Math.abs((await mean(params, u)) - (await mean(params, v)));
  return { value: (unit.scale * gap) / lipschitz, lipschitz };
}

const optimizer = adam({ beta1: 0.5 });

type Batch = { points: Traced; weights: Traced };
type Hosted = { points: Tensor; weights: Tensor };

/** −(E_a h − E_b h), which a step of Adam takes down. */
const loss = (params: TracedParams, { a, b }: { a: Batch; b: Batch }): [Traced, object] => {
  const first = np.sum(critic(referenced(params), a.points, rounds).mul(a.weights));
  return [np.sum(critic(params, b.points, rounds).mul(b.weights)).sub(first), {}];
};

/** The step, after which the weights are brought back near orthonormality. */
const ascend = perRuntime(() =>
  descent(loss, optimizer, {
    name: "step of the Wasserstein critic",
    project: (params) => projected(params, rounds),
  }),
);

/** All weights orthonormal, to float32. */
const project = perRuntime(() =>
  compile((params: TracedParams) => projected(params, 30), { name: "orthonormal critic" }),
);

const projected = (params: TracedParams, count: number): TracedParams =>
  Object.fromEntries(
    Object.entries(params).map(([name, { weight, ...rest }]) => [
      name,
      { ...rest, weight: orthonormal(contracted(weight!), count) },
    ]),
  ) as TracedParams;

/** The critic on one block of rows [1, r, d]: [1, r]. */
const evaluate = perRuntime(() =>
  mapGroups(
    (params: TracedParams, rows: Traced): Traced => {
      const [, r, d] = rows.shape as [number, number, number];
      return critic(params, rows.reshape([r, d]), 0).reshape([1, r]);
    },
    { name: "Wasserstein critic" },
  ),
);

async function mean(params: Params, x: WeightedPoints): Promise<number> {
  let sum = 0;
  for (let from = 0; from < x.count; from += stripRows) {
    const to = Math.min(x.count, from + stripRows);
    const { data } = await evaluate()(params, rowBlocks(x.data, x.dimension, from, to));
    for (let i = from; i < to; i++) sum += x.weights[i]! * data[i - from]!;
  }
  return sum;
}

interface Unit {
  readonly centre: Float64Array;
  readonly scale: number;
}

/** Mean of both sets, and the root mean square distance from it. */
function spread(x: WeightedPoints, y: WeightedPoints): Unit {
  const { dimension: d } = x;
  const centre = new Float64Array(d);
  for (const { data, weights, count } of [x, y])
    for (let i = 0; i < count; i++)
      for (let k = 0; k < d; k++) centre[k] = centre[k]! + (weights[i]! * data[i * d + k]!) / 2;
  let square = 0;
  for (const { data, weights, count } of [x, y])
    for (let i = 0; i < count; i++)
      for (let k = 0; k < d; k++) square += (weights[i]! * (data[i * d + k]! - centre[k]!) ** 2) / 2;
  return { centre, scale: Math.sqrt(square) };
}

const standardised = (x: WeightedPoints, { centre, scale }: Unit): WeightedPoints => ({
  ...x,
  data: x.data.map((v, e) => (v - centre[e % x.dimension]!) / scale),
});

/** The whole measure where it is small, else points drawn by their weights. */
function batchOf(x: WeightedPoints, key: RandomKey): Hosted {
  if (x.count <= batch) return { points: single(x.data, [x.count, x.dimension]), weights: single(x.weights) };
  const drawn = choose(x, drawnBy(x, key.uniform(batch)));
  return { points: single(drawn.data, [batch, x.dimension]), weights: tensor(new Float32Array(batch).fill(1 / batch)) };
}

/** Draws positions: of equal weights by a product, of others by a search. */
const drawnBy = ({ count, weights, uniform }: WeightedPoints, numbers: Float32Array): ArrayLike<number> =>
  uniform ? numbers.map((v) => Math.min(count - 1, Math.floor(v * count))) : drawnByWeight(weights, numbers);
