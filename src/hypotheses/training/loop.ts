import { AttarError, type RandomKey, turn } from "../../engine/index.ts";

/**
 * A training under way: all that its next step depends on, plain trees of tensors. What a step draws is a function of its
 * number, so a training that continues from a snapshot comes to the same bytes as one that never stopped.
 */
export interface Snapshot<S> {
  /** Steps taken. */
  readonly step: number;
  readonly state: S;
}

/** The state after a step, and the step's loss before it. */
export interface Advanced<S> {
  readonly state: S;
  readonly loss: number;
}

export interface LoopOptions {
  /** The name of the training in an error: "training of the autoencoder". */
  readonly name: string;
  /** What to try where it diverges. */
  readonly hint: string;
  /** Ends the training between two steps. */
  readonly signal?: AbortSignal;
}

export interface StepOptions<S> extends LoopOptions {
  /** Called after every step, and awaited. */
  readonly onStep?: (now: Snapshot<S>, loss: number) => unknown;
  /** The place of a step in an error; "step 3" for step 2 when left out. */
  readonly placeOf?: (step: number) => string;
}

/** Milliseconds of training between two turns of the event loop, in which a signal from the keyboard arrives. */
const breath = 50;

/**
 * The training loop: takes the steps that are left. The state is the caller's own, so that several trees of parameters may take
 * turns within one step, as a generator and its critic do.
 *
 * @throws AttarError "diverged" (exit code 3) where a loss is not finite. Rejects with the signal's reason when it is aborted.
 *
 * @example
 * const adversary = descent(criticLoss, adam(), { name: "critic" });
 * const generator = descent(generatorLoss, adam(), { name: "generator" });
 * await trainSteps(start, 1000, async ({ g, d }, step) => {
 *   const noise = tensor(key.fold(step).normal(64 * 8), [64, 8]);
 *   const judged = await adversary(d, { real: batchOf(step), noise, generator: g.params }, rate);
 *   const fooled = await generator(g, { noise, critic: judged.state.params }, rate);
 *   return { state: { g: fooled.state, d: judged.state }, loss: fooled.loss.item() };
 * }, { name: "training of a generator", hint: "lower its rate" });
 */
export async function trainSteps<S>(
  from: Snapshot<S>,
  steps: number,
  advance: (state: S, step: number) => Promise<Advanced<S>>,
  { name, hint, signal, onStep, placeOf = (step) => `step ${step + 1}` }: StepOptions<S>,
): Promise<S> {
  let { state } = from;
  let rested = performance.now();
  for (let { step } = from; step < steps; step++) {
    signal?.throwIfAborted();
    const next = await advance(state, step);
    if (!Number.isFinite(next.loss))
      throw new AttarError("diverged", `${name} diverged: the loss of ${placeOf(step)} is not a number`, hint, 3);
    state = next.state;
    await onStep?.({ step: step + 1, state }, next.loss);
    if (performance.now() - rested > breath) {
      await turn();
      rested = performance.now();
    }
  }
  return state;
}

/** A batch of a pass over a set. */
export interface PassBatch {
  readonly pass: number;
  /** The number of the batch in its pass. */
  readonly index: number;
  /** The positions of its samples in the set. */
  readonly rows: Uint32Array;
}

/** Passes over a set in shuffled batches. */
export interface Passes {
  /** The number of passes in all. */
  readonly passes: number;
  /** Samples of the set. */
  readonly count: number;
  /** Samples of a batch, at most `count`. */
  readonly batch: number;
  /** Whether the samples that fill no batch sit a pass out; else they are a smaller batch. */
  readonly wholeBatches?: boolean;
  /** The order of pass p is that of `order.fold(p)`. */
  readonly order: RandomKey;
}

export interface PassOptions<S> extends LoopOptions {
  /** Pass to begin with: the rest of a training that was interrupted before it; 0 when left out. */
  readonly firstPass?: number;
  /** Called after every pass with the mean loss of its samples, and awaited. */
  readonly onPass?: (pass: number, loss: number, state: S) => unknown;
}

/** The training loop over passes: {@link trainSteps}, a step a batch. */
export async function trainPasses<S>(
  state: S,
  { passes, count, batch, wholeBatches = false, order }: Passes,
  advance: (state: S, batch: PassBatch) => Promise<Advanced<S>>,
  { firstPass = 0, onPass, ...options }: PassOptions<S>,
): Promise<S> {
  const each = Math.min(batch, count);
  const perPass = wholeBatches ? Math.floor(count / each) : Math.ceil(count / each);
  const passOf = (step: number) => Math.floor(step / perPass);
  let shuffled: Uint32Array = new Uint32Array();
  let [sum, seen] = [0, 0];
  const step = async (now: S, number: number) => {
    const pass = passOf(number);
    const index = number - pass * perPass;
    if (index === 0) {
      shuffled = order.fold(pass).permutation(count);
      [sum, seen] = [0, 0];
    }
    const rows = shuffled.subarray(index * each, (index + 1) * each);
    const next = await advance(now, { pass, index, rows });
    sum += next.loss * rows.length;
    seen += rows.length;
    return next;
  };
  return trainSteps({ step: firstPass * perPass, state }, passes * perPass, step, {
    ...options,
    placeOf: (number) => `epoch ${passOf(number) + 1}`,
    onStep: async ({ step: taken, state: now }) => {
      if (taken % perPass === 0) await onPass?.(passOf(taken) - 1, sum / seen, now);
    },
  });
}
