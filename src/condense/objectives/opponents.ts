import { type RandomKey, type Tensor, type Tensors, tensor } from "../../engine/index.ts";
import {
  descent,
  type Fitted,
  flattenState,
  gatherState,
  oneHot,
  type Params,
  type TracedParams,
  unfitted,
} from "../../hypotheses/index.ts";
import { type Opponent, trickNamed } from "../../tricks/index.ts";
import type { Setup } from "../setup.ts";
import type { StatefulPart, StepTaken } from "../stateful.ts";

/** An opponent of a run: what it is, and the part of the loop that keeps and trains it. */
export interface RunOpponent {
  readonly slot: string;
  readonly opponent: Opponent;
  readonly part: StatefulPart;
  /** What the added term draws in a step, for n images of S. */
  draws(step: number, n: number): Tensors;
  /** Its parameters at the start: their shapes, for counting. */
  start(): Params;
}

/** The networks that learn while S moves, of a configuration's tricks. */
export function opponentsOf(setup: Setup): readonly RunOpponent[] {
  const { configuration, facts, space, key } = setup;
  return configuration.tricks.flatMap(({ name, options }) => {
    const trick = trickNamed(name);
    if (trick.kind !== "opponent") return [];
    const { slot } = trick;
    const { shape, classes } = facts;
    const own = key.fold(slot);
    const opponent = trick.make(options as Parameters<typeof trick.make>[0], {
      shape,
      classes: classes.length,
      renderings: space.renderings ?? 1,
    });
    const start = () => opponent.init(own.fold("init"));
    return [
      {
        slot,
        opponent,
        part: trained({ slot, opponent, start, key: own.fold("training"), classes: classes.length }),
        draws: (step, n) => opponent.draws(n, own.fold("term").fold(step)),
        start,
      },
    ];
  });
}

/** The parameters that a slot holds. */
export const opponentIn = (slot: Tensors): Params => gatherState(slot)!.params;

interface Trained {
  readonly slot: string;
  readonly opponent: Opponent;
  readonly start: () => Params;
  readonly key: RandomKey;
  readonly classes: number;
}

type Given = { images: Tensor; targets: Tensor; real?: { images: Tensor; targets: Tensor }; draws: Tensors };

function trained({ slot, opponent, start, key, classes }: Trained): StatefulPart {
  const down = descent(
    (params: TracedParams, given: Parameters<Opponent["loss"]>[1]) => [opponent.loss(params, given), {}],
    opponent.optimizer,
    { name: `training step of the ${slot}` },
  );
  const targetsOf = (labels: Int32Array | Tensor) => (labels instanceof Int32Array ? oneHot(labels, classes) : labels);
  const given = async ({ feed }: StepTaken, own: RandomKey): Promise<Given> => {
    const { images, labels } = await (feed.drawn?.(own.fold("codes")) ?? feed.synthetic());
    const n = images.shape[0]!;
    const synthetic = { images, targets: targetsOf(labels) };
    if (!opponent.readsReal) return { ...synthetic, draws: opponent.draws(n, own.fold("draws")) };
    const real = await feed.real(n, own.fold("real"));
    const m = real.images.shape[0]!;
    // Where S decodes to more images than T has, as many of them as there are.
    const some = m < n ? own.fold("some").permutation(n, m) : undefined;
    return {
      images: some ? images.take(some) : images,
      targets: some ? synthetic.targets.take(some) : synthetic.targets,
      draws: opponent.draws(m, own.fold("draws")),
      real: { images: real.images, targets: targetsOf(real.labels) },
    };
  };
  return {
    slot,
    initial: () => flattenState({ ...unfitted(start(), opponent.optimizer), statistics: {} }),
    async after(taken, kept) {
      let state: Fitted = fittedIn(kept);
      for (let k = 0; k < opponent.steps; k++) {
        const own = key.fold(taken.step).fold(k);
        state = (await down(state, await given(taken, own), tensor(opponent.rate))).state;
      }
      return flattenState({ ...state, statistics: {} });
    },
    dispose: () => down.dispose(),
  };
}

function fittedIn(slot: Tensors): Fitted {
  const { params, optimizer } = gatherState(slot)!;
  return { params, optimizer };
}
