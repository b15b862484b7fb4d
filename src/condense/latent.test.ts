import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { CondensedSet } from "../data/dataset.ts";
import { readerOf } from "../data/reader.ts";
import type { OptionValue, Tensor } from "../engine/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { methodNamed } from "../methods/index.ts";
import { condense, type RunOptions, resolveConfiguration } from "./index.ts";
import { Loop } from "./loop.ts";
import type { State } from "./state.ts";
import { artefactsOf } from "./trainedNetworks.ts";

const dataset = await tinyDataset({ perClass: 8 });
const network = parseNetwork("convnet:depth=2,width=4,activation=swish");
const options = { network, ipc: 2, realBatch: 4, steps: 3, augmentation: "none" };
type Settings = Record<string, OptionValue>;
const small: Settings = {
  synthetic: "latent",
  "synthetic.generator": "cvae:width=12,z=3,likelihood=gaussian",
  "synthetic.steps": 20,
  "synthetic.fidelity": 0,
};

async function run(method: string, more: RunOptions): Promise<{ set: CondensedSet; states: State[] }> {
  const states: State[] = [];
  for await (const event of condense(dataset, methodNamed(method), { ...options, checkpointEvery: 1, ...more })) {
    if (event.event === "checkpoint") states.push(event.state);
    if (event.event === "done") return { set: event.set, states };
  }
  throw new Error("no set");
}

/** A loop of DM in codes, its first state, and the loss with its gradient where some variables are others. */
async function loopOf(settings: Settings) {
  const configuration = resolveConfiguration(dataset, methodNamed("dm"), { ...options, settings });
  const loop = new Loop(readerOf(dataset), configuration);
  const { slots } = await loop.start();
  const at = (moved: Readonly<Record<string, Tensor>>) =>
    loop.lossAt({ step: 0, slots: { ...slots, variables: { ...slots.variables, ...moved } } });
  return { loop, variables: slots.variables, at };
}

describe("the latent space of the identity is input space, bit for bit", () => {
  test.each([
    ["dm", "random"],
    ["dm", "noise"],
    ["dm", "kmeans-centres"],
    ["bptt", "random"],
  ])("%s from %s", async (method, initialisation) => {
    const pixels = await run(method, { initialisation });
    const settings = { synthetic: "latent", "synthetic.generator": "identity" };
    const codes = await run(method, { initialisation, settings });
    expect(codes.set.images).toEqual(pixels.set.images);
  });
});

describe("the gradient of a step is the slope of its loss", () => {
  test.each<[string, string[], Settings]>([
    ["in codes", ["z"], {}],
    ["in codes and classes", ["z", "class"], { "synthetic.part": "z+class" }],
    ["in activations of layer 1", ["features"], { "synthetic.layer": 1 }],
    ["in codes and weights", ["z", "generator.output.weight"], { "synthetic.weights": "learned" }],
    ["in codes of a style", ["z"], { "synthetic.generator": "style:channels=4,criticChannels=4,z=3" }],
    ["in styles", ["ws"], { "synthetic.generator": "style:channels=4,criticChannels=4,z=3", "synthetic.layer": 1 }],
    [
      "in maps, the picture and styles",
      ["features", "picture", "ws"],
      { "synthetic.generator": "style:channels=4,criticChannels=4,z=3", "synthetic.layer": 2 },
    ],
  ])("%s", async (_what, names, more) => {
    const { loop, variables, at } = await loopOf({ ...small, ...more });
    const { gradient } = await at({});
    const learned = Object.keys(gradient).sort();
    for (const name of names) expect(learned).toContain(name);
    if (more["synthetic.weights"] === undefined) expect(learned).toEqual([...names].sort());
    for (const name of names) {
      const direction = Float32Array.from(gradient[name]!.data);
      const length = Math.hypot(...direction);
      expect(length).toBeGreaterThan(0);
      const moved = (by: number) => ({
        [name]: variables[name]!.map((v, i) => v + (by * direction[i]!) / length),
      });
      // A step across a corner of a rectifier has another slope: one of them crosses none.
      const gaps: number[] = [];
      for (const by of [0.02, 0.005, 0.001]) {
        const slope = ((await at(moved(by))).loss - (await at(moved(-by))).loss) / (2 * by);
        gaps.push(Math.abs(slope / length - 1));
      }
      expect(Math.min(...gaps)).toBeLessThan(0.02);
    }
    loop.dispose();
  });
});

const style = "style:channels=4,criticChannels=4,z=3";

describe("codes of generators that learn against a critic", () => {
  const game = { ...small, "synthetic.generator": "cgan:channels=4,z=3", "synthetic.steps": 5 };

  test("S starts near its images, whose codes are sought, nearer than from the prior", async () => {
    const far = async (initialisation: string, more: Settings) => {
      const settings = { ...game, ...more };
      const started = await run("dm", { settings, initialisation, steps: 1, checkpointEvery: 1 });
      const wanted = await run("dm", {
        settings: { synthetic: "pixels" },
        initialisation: "random",
        steps: 1,
        imageLearningRate: 0,
      });
      const [a, b] = [started.set.images, wanted.set.images];
      return a.reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0);
    };
    const prior = await far("noise", {});
    const sought = await far("random", { "synthetic.inversion": 60 });
    expect(sought).toBeLessThan(0.8 * prior);
    expect(sought).toBeLessThan(await far("random", { "synthetic.inversion": 1 }));
  });

  test("running moments stay where weights are learned", async () => {
    const { states } = await run("dm", {
      settings: { ...game, "synthetic.weights": "learned" },
      initialisation: "noise",
    });
    const [first, last] = [states[0]!.slots.variables, states.at(-1)!.slots.variables];
    const moments = Object.keys(first).filter((name) => name.includes("Moments"));
    expect(moments.length).toBeGreaterThan(2);
    for (const name of moments) expect(last[name]).toEqual(first[name]);
    expect(last["generator.output.weight"]).not.toEqual(first["generator.output.weight"]);
  });

  test("maps and styles of a layer move at rates of their own, and without steps the generator is random", async () => {
    const settings = {
      ...small,
      "synthetic.generator": style,
      "synthetic.layer": 2,
      "synthetic.steps": 0,
      "synthetic.fidelity": 1,
    };
    const movedBy = async (rate: number) => {
      const more = { ...settings, "synthetic.styleRate": rate };
      const { states } = await run("dm", { settings: more, initialisation: "noise" });
      const [first, last] = [states[0]!.slots.variables, states.at(-1)!.slots.variables];
      const far = (name: string) => Math.hypot(...last[name]!.data.map((v, i) => v - first[name]!.data[i]!));
      return { ws: far("ws"), features: far("features"), picture: far("picture") };
    };
    const whole = await movedBy(1);
    const still = await movedBy(0);
    expect(still.ws).toBe(0);
    for (const part of ["ws", "features", "picture"] as const) expect(whole[part]).toBeGreaterThan(0);
    expect(still.features).toBeGreaterThan(0);
  });
});

test("frozen parts stay as they are, learned ones move, and codes are cut to their bound", async () => {
  const { states } = await run("dm", { settings: { ...small, "synthetic.bound": 0.1 } });
  const [first, last] = [states[0]!.slots, states.at(-1)!.slots];
  const frozen = Object.keys(first.variables).filter((name) => name !== "z");
  expect(frozen).toContain("generator.output.weight");
  for (const name of frozen) expect(last.variables[name]).toEqual(first.variables[name]);
  expect(last.variables.z).not.toEqual(first.variables.z);
  expect(Math.max(...last.variables.z!.data.map(Math.abs))).toBeLessThanOrEqual(Math.fround(0.1));
  // Nothing is kept of what never moves.
  expect(Object.keys(last.update!).every((name) => name.startsWith("z."))).toBe(true);
});

test("a run that stopped goes on to the same bytes", async () => {
  const whole = await run("dm", { settings: small });
  const again = await run("dm", { settings: small, state: whole.states[1]! });
  expect(again.set.images).toEqual(whole.set.images);
});

test("a generator whose samples are of other classes is refused, with the figure and what to type", async () => {
  await expect(run("dm", { settings: { ...small, "synthetic.fidelity": 1, "synthetic.steps": 1 } })).rejects.toThrow(
    /of the samples of cvae on tiny \d+\.\d % are of the class that was asked for, fewer than 100 %/,
  );
}, 600_000);

test("what does not go together is refused", async () => {
  const resolve = (settings: Settings) => () =>
    resolveConfiguration(dataset, methodNamed("dm"), { ...options, settings: { ...small, ...settings } });
  expect(resolve({ synthetic: "latnet" })).toThrow(/no data space named "latnet"/);
  expect(resolve({ "synthetic.generator": "vae:width=12", "synthetic.part": "class" })).toThrow(/no part "class"/);
  expect(resolve({ "synthetic.layer": 2 })).toThrow(/has no layer 2/);
  expect(resolve({ "synthetic.generator": "gna" })).toThrow(/synthetic.generator|option generator/);
});

test("a run's generator is an artefact that it names, and its storage is the smaller of images and codes with their decoder", async () => {
  const configuration = resolveConfiguration(dataset, methodNamed("dm"), { ...options, settings: small });
  expect(await artefactsOf(dataset, configuration)).toMatchObject([
    { count: 1, identity: { generator: { name: "cvae", z: 3 }, recipe: { steps: 20 } } },
  ]);
  const { loop } = await loopOf({ ...small, "synthetic.generator": "cvae:width=2,z=3,likelihood=gaussian" });
  // A decoder of (3 + 3) x 2 + 2 and 2 x 64 + 64 numbers, and six codes of three: fewer than six images of 64.
  expect(loop.storedFloats).toBe(14 + 192 + 18);
  const larger = await loopOf(small);
  expect(larger.loop.storedFloats).toBe(6 * 64);
  for (const own of [loop, larger.loop]) own.dispose();
});
