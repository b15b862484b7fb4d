import { size, Tensor } from "../../engine/index.ts";
import type { Params } from "../network.ts";
import type { InnerOptimizer, InnerState, StateCotangent } from "../optimizers/innerOptimizer.ts";
import { trainSteps } from "../training/loop.ts";
import { type Batch, type DerivativesOptions, derivativesOf } from "./derivatives.ts";
import type { InnerLoss, NamedTensors } from "./innerLoss.ts";
import { addScaled, paramsOf, vectorOf } from "./parameterVector.ts";

/** The synthetic set as the inner problem sees it: images [M, …] and labels [M, K]. */
export interface InnerData {
  readonly images: Tensor;
  readonly labels: Tensor;
}

/** The rate, rows and draws of one inner step. */
export interface InnerStep {
  /** Learning rate. */
  readonly rate: number;
  /** Rows of the synthetic set, in order; all of them when left out. */
  readonly rows?: ArrayLike<number>;
  /** The draws for each of these samples, [n, …], and for all of them; see {@link InnerLoss}. */
  readonly each?: NamedTensors;
  readonly common?: NamedTensors;
}

/**
 * The inner training as a pure function of the step's index, so that the way back and a resumed run see the same batches
 * and draws.
 */
export interface InnerSchedule {
  /** Steps in all. */
  readonly steps: number;
  /** Last steps that are differentiated; all of them when left out. The earlier ones only move the starting point. */
  readonly window?: number;
  step(index: number): InnerStep;
}

/** The result of an unrolled training: the trained parameters and the states it takes to walk back. */
export interface Trajectory {
  readonly final: Params;
  readonly data: InnerData;
  readonly schedule: InnerSchedule;
  /** Index of the first differentiated step. */
  readonly from: number;
  /** States before the steps from, from + 1, …, and the last one. */
  readonly states: readonly InnerState[];
  /** Mean loss of each step, before its update. */
  readonly losses: readonly number[];
}

/** Derivatives of a value of the trained parameters. */
export interface TrajectoryGradient {
  /** [M, …]. */
  readonly images: Tensor;
  /** [M, K]. */
  readonly labels: Tensor;
  /** The gradient in the learning rate of each differentiated step; a shared learned rate gets their sum. */
  readonly rates: Float64Array;
  /** The gradient in the parameters at the start of the window. */
  readonly start: Params;
}

/** Training on S as a function of S that can be differentiated. */
export interface Unrolled {
  /**
   * Trains from `start`, keeping the states of the window: memory is window · |state|, whatever the batch.
   *
   * @throws AttarError "diverged" (exit code 3) when a loss is no longer a number. Rejects with the signal's reason.
   */
  unroll(start: Params, data: InnerData, schedule: InnerSchedule, signal?: AbortSignal): Promise<Trajectory>;
  /** Backpropagation through time: from a cotangent of `final` to derivatives with respect to everything before it. */
  pullback(trajectory: Trajectory, cotangent: Params, signal?: AbortSignal): Promise<TrajectoryGradient>;
  /**
   * The derivative of ⟨Σₜ ηₜ ∇L(θₜ, S), cotangent⟩ with every θₜ held fixed: how later parameters depend on earlier steps is
   * left out. Plain SGD alone. It walks the trajectory again instead of keeping it: memory does not grow with its length.
   * Source: TESLA (Cui et al. 2023).
   */
  detached(start: Params, data: InnerData, schedule: InnerSchedule, cotangent: Params): Promise<TrajectoryGradient>;
  dispose(): void;
}

/**
 * Unrolled training: one compiled gradient of a step, one compiled second derivative, any number of steps; θ and the
 * optimizer's moments are kept, activations are computed again on the way back. BPTT (§5.1.1) and, with a window,
 * truncated BPTT.
 */
export function unrolled(loss: InnerLoss, optimizer: InnerOptimizer, options: DerivativesOptions = {}): Unrolled {
  const derivatives = derivativesOf(loss, options);

  const walk = async (
    start: Params,
    data: InnerData,
    { steps, step }: InnerSchedule,
    visit: (state: InnerState, index: number, batch: Batch, loss: number) => void | Promise<void>,
    signal?: AbortSignal,
  ): Promise<InnerState> => {
    return trainSteps(
      { step: 0, state: optimizer.start(vectorOf(start)) },
      steps,
      async (state, index) => {
        const now = step(index);
        const batch = batchOf(data, now);
        const { loss: value, gradient } = await derivatives.gradient(paramsOf(state.theta, start), batch);
        await visit(state, index, batch, value);
        return { state: optimizer.advance(state, gradient, now.rate), loss: value };
      },
      {
        name: "training on the synthetic set",
        placeOf: (index) => `inner step ${index + 1}`,
        hint: "Try a smaller inner learning rate.",
        signal,
      },
    );
  };

  return {
    async unroll(start, data, schedule, signal) {
      const from = windowStart(schedule);
      const states: InnerState[] = [];
      const losses: number[] = [];
      const keep = (state: InnerState, index: number, _batch: Batch, value: number) => {
        losses.push(value);
        if (index >= from) states.push(state);
      };
      const last = await walk(start, data, schedule, keep, signal);
      states.push(last);
      return { final: paramsOf(last.theta, start), data, schedule, from, states, losses };
    },

    async pullback({ final, data, schedule, from, states }, cotangent, signal) {
      const sum = new GradientSum(data, states.length - 1);
      let flowing: StateCotangent = {
        theta: vectorOf(cotangent),
        moments: states.at(-1)!.moments.map((m) => new Float32Array(m.length)),
      };
      for (let k = states.length - 2; k >= 0; k--) {
        signal?.throwIfAborted();
        const now = schedule.step(from + k);
        const [before, after] = [states[k]!, states[k + 1]!];
        const pull = optimizer.pullback(before, after, now.rate, flowing);
        const along = await derivatives.along(paramsOf(before.theta, final), pull.direction, batchOf(data, now));
        sum.add(now.rows, along.images, along.labels, pull.scale);
        sum.rates[k] = pull.rate(along.value);
        addScaled(pull.before.theta, along.theta, pull.scale);
        flowing = pull.before;
      }
      return sum.with(paramsOf(flowing.theta, final));
    },

    async detached(start, data, schedule, cotangent) {
      const direction = vectorOf(cotangent);
      const from = windowStart(schedule);
      const sum = new GradientSum(data, schedule.steps - from);
      await walk(start, data, schedule, async (state, index, batch) => {
        if (index < from) return;
        const now = schedule.step(index);
        const along = await derivatives.along(paramsOf(state.theta, start), direction, batch);
        sum.add(now.rows, along.images, along.labels, now.rate);
        sum.rates[index - from] = along.value;
      });
      return sum.with(paramsOf(new Float32Array(direction.length), start));
    },

    dispose: () => derivatives.dispose(),
  };
}

const windowStart = ({ steps, window = steps }: InnerSchedule) => Math.max(0, steps - window);

/** Derivatives with respect to the data, added up over the steps. */
class GradientSum {
  readonly rates: Float64Array;
  private readonly images: Float32Array;
  private readonly labels: Float32Array;

  constructor(
    private readonly data: InnerData,
    steps: number,
  ) {
    this.rates = new Float64Array(steps);
    this.images = new Float32Array(data.images.data.length);
    this.labels = new Float32Array(data.labels.data.length);
  }

  add(rows: ArrayLike<number> | undefined, images: Tensor, labels: Tensor, factor: number): void {
    scatter(this.images, images, rows, factor);
    scatter(this.labels, labels, rows, factor);
  }

  with(start: Params): TrajectoryGradient {
    const { images, labels } = this.data;
    return {
      images: new Tensor(this.images, images.shape, "float32"),
      labels: new Tensor(this.labels, labels.shape, "float32"),
      rates: this.rates,
      start,
    };
  }
}

function batchOf({ images, labels }: InnerData, { rows, each, common }: InnerStep): Batch {
  if (!rows) return { images, labels, each, common };
  return { images: images.take(rows), labels: labels.take(rows), each, common };
}

function scatter(into: Float32Array, { data, shape }: Tensor, rows: ArrayLike<number> | undefined, factor: number) {
  const length = size(shape.slice(1));
  for (let i = 0; i < shape[0]!; i++) {
    const to = (rows ? rows[i]! : i) * length;
    for (let j = 0; j < length; j++) into[to + j] = into[to + j]! + factor * data[i * length + j]!;
  }
}
