import { resolveConfiguration } from "../src/condense/configuration.ts";
import { Loop } from "../src/condense/loop.ts";
import { objectiveOf } from "../src/condense/objectives/index.ts";
import { setup } from "../src/condense/setup.ts";
import { StepChoices } from "../src/condense/stepChoices.ts";
import { load } from "../src/data/index.ts";
import { readerOf } from "../src/data/reader.ts";
import { methodNamed } from "../src/methods/index.ts";
import { interleave, timed } from "./interleave.ts";
import { spread } from "./statistics.ts";

/** The run whose loop is timed: its steps are short, so that what is beside their arithmetic shows. */
const [dataset, method, ipc] = ["digits", "dm", 10] as const;

/** Milliseconds of each round. */
export interface LoopTimes {
  /** Steps of a run, one after another. */
  readonly step: readonly number[];
  /** The objective's loss and gradient of one step, whose network, real images and draws are given. */
  readonly evaluate: readonly number[];
}

/**
 * Times a step of the loop and its objective's evaluation alone, in turn. Between them lie the choice and gathering of real
 * images, the network's draw, the update, and what tells a divergence.
 */
export async function loopTimes(rounds: number): Promise<LoopTimes> {
  const data = await load(dataset);
  const configuration = resolveConfiguration(data, methodNamed(method), { ipc });
  const reader = readerOf(data);
  const loop = new Loop(reader, configuration);
  let { state } = await loop.step(await loop.start());
  const parts = setup(reader.facts, configuration);
  const objective = objectiveOf(parts, reader)!;
  const choices = new StepChoices(parts, reader, objective.augments === "class");
  const { step, slots } = state;
  const { hypotheses } = await loop.lossAt(state);
  const { choice } = await choices.of(step, hypotheses[0], {});
  const context = {
    step,
    position: parts.source.position(step),
    variables: slots.variables,
    active: parts.active(step),
    hypotheses,
    draws: choices.draws(step),
    slot: (name: string) => slots[name] ?? {},
    choice,
  };
  const evaluation = () => objective.evaluate(context);
  await evaluation();
  const [steps, evaluations] = await interleave([
    {
      rounds,
      run: timed(async () => {
        ({ state } = await loop.step(state));
      }),
    },
    { rounds, run: timed(evaluation) },
  ]);
  objective.dispose();
  choices.dispose();
  loop.dispose();
  return { step: steps!, evaluate: evaluations! };
}

/** The times in words: medians with the least and the largest, and what the loop adds. */
export function loopText({ step, evaluate }: LoopTimes): string {
  const [whole, own] = [spread(step), spread(evaluate)];
  const added = whole.median - own.median;
  const range = ({ median, min, max }: typeof whole) => [median, min, max].map((ms) => ms.toFixed(2)) as string[];
  const line = (what: string, [median, min, max]: string[]) => `${what.padEnd(26)} ${median} ms (${min}-${max})`;
  return [
    `${method} on ${dataset}, ipc ${ipc}, laptop preset; medians of ${step.length} rounds`,
    line("a step of the loop", range(whole)),
    line("its objective's evaluation", range(own)),
    `${"the loop beside it".padEnd(26)} ${added.toFixed(2)} ms, ${((100 * added) / whole.median).toFixed(1)} % of a step`,
  ].join("\n");
}
