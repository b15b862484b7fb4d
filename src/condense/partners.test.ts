import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { readerOf } from "../data/reader.ts";
import type { OptionValue, Tensor } from "../engine/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { methodNamed } from "../methods/index.ts";
import { condense, resolveConfiguration } from "./index.ts";
import { Loop } from "./loop.ts";
import type { State } from "./state.ts";

const dataset = await tinyDataset({ perClass: 8 });
const network = parseNetwork("convnet:depth=2,width=4,activation=swish");
const options = { network, ipc: 3, realBatch: 4, steps: 4, initialisation: "random" };
type Settings = Record<string, OptionValue>;

/** A step's loss with and without the term, from the first state with some variables moved. */
async function lossesOf(settings: Settings) {
  const loop = (more: Settings) =>
    new Loop(
      readerOf(dataset),
      resolveConfiguration(dataset, methodNamed("dm"), { ...options, settings: { ...settings, ...more } }),
    );
  const [bare, paired] = [loop({}), loop({ "tricks.pair": 100 })];
  const { slots } = await paired.start();
  const at = async (own: Loop, moved: Readonly<Record<string, Tensor>>) =>
    own.lossAt({ step: 0, slots: { ...slots, variables: { ...slots.variables, ...moved } } });
  const added = async (moved: Readonly<Record<string, Tensor>> = {}) =>
    (await at(paired, moved)).loss - (await at(bare, moved)).loss;
  return { variables: slots.variables, added, at: (moved: Record<string, Tensor>) => at(paired, moved) };
}

describe("an image of S and the real one that it started from", () => {
  test("are the same at the start, augmented alike, and apart once S has moved", async () => {
    const { variables, added } = await lossesOf({});
    expect(variables.partners!.data).toEqual(variables.images!.data);
    expect(Math.abs(await added())).toBeLessThan(1e-3);
    const moved = { images: variables.images!.map((v, i) => v + 0.1 * Math.sin(i)) };
    expect(await added(moved)).toBeGreaterThan(0.01);
    // In another order they are others' partners.
    const n = variables.images!.shape[0]!;
    const turned = Array.from({ length: n }, (_, i) => 3 * Math.floor(i / 3) + ((i + 1) % 3));
    expect(await added({ partners: variables.partners!.take(turned) })).toBeGreaterThan(0.01);
  });

  test("pull with the slope of their distance, and no gradient is taken in the real one", async () => {
    const { variables, at } = await lossesOf({});
    const moved = variables.images!.map((v, i) => v + 0.3 * Math.sin(i));
    const { gradient } = await at({ images: moved });
    expect(Object.keys(gradient)).toEqual(["images"]);
    const direction = gradient.images!.data;
    const length = Math.hypot(...direction);
    const along = (by: number) => ({ images: moved.map((v, i) => v + (by * direction[i]!) / length) });
    const slope = ((await at(along(0.01))).loss - (await at(along(-0.01))).loss) / 0.02;
    expect(slope / length).toBeCloseTo(1, 2);
  });
});

test("partners stay in the state, and a run that stopped goes on to the same bytes", async () => {
  const run = async (state?: State) => {
    const states: State[] = [];
    const settings = { "tricks.pair": 1 };
    const own = { ...options, settings, checkpointEvery: 1, ...(state && { state }) };
    for await (const event of condense(dataset, methodNamed("dm"), own)) {
      if (event.event === "checkpoint") states.push(event.state);
      if (event.event === "done") return { set: event.set, states };
    }
    throw new Error("no set");
  };
  const whole = await run();
  expect(whole.states.at(-1)!.slots.variables.partners).toEqual(whole.states[0]!.slots.variables.partners);
  expect((await run(whole.states[1]!)).set.images).toEqual(whole.set.images);
});

test("what starts from no real image of its own has no partner", () => {
  const resolve = (more: object, settings: Settings) => () =>
    resolveConfiguration(dataset, methodNamed("dm"), {
      ...options,
      ...more,
      settings: { "tricks.pair": 1, ...settings },
    });
  expect(resolve({ initialisation: "noise" }, {})).toThrow(/starts from a real one of its own/);
  expect(resolve({}, { synthetic: "hallucinated" })).toThrow(/starts from a real one of its own/);
});
