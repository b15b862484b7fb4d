import { describe, expect, test } from "vitest";
import { cheapRun } from "../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { CondensedSet } from "../data/dataset.ts";
import { readerOf } from "../data/reader.ts";
import type { OptionValue, Tensor } from "../engine/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { dcgm, dim, type Method } from "../methods/index.ts";
import { condense, type RunOptions, resolveConfiguration } from "./index.ts";
import { Loop } from "./loop.ts";
import type { State } from "./state.ts";

const dataset = await tinyDataset({ perClass: 8 });
const network = parseNetwork("convnet:depth=2,width=4,activation=swish");
type Settings = Record<string, OptionValue>;
const generator = "wgan-gp:body=mlp,width=8,depth=1,z=3";
const small: Settings = {
  "synthetic.generator": generator,
  "synthetic.steps": 3,
  "synthetic.fidelity": 0,
  "tricks.critic.body": "mlp",
  "tricks.critic.width": 8,
  "tricks.critic.depth": 1,
};
const dimSettings: Settings = { ...small, "synthetic.draw": 4, "hypotheses.every": 2, "warmup.share": 0.3 };

const optionsOf = (method: Method, settings: Settings) => {
  const cheap = cheapRun(method);
  return { ...cheap, network, augmentation: "none", realBatch: 4, settings: { ...cheap.settings, ...settings } };
};

async function run(method: Method, settings: Settings, more: RunOptions = {}) {
  const states: State[] = [];
  let set: CondensedSet | undefined;
  for await (const event of condense(dataset, method, { ...optionsOf(method, settings), ...more })) {
    if (event.event === "checkpoint") states.push(event.state);
    if (event.event === "done") set = event.set;
  }
  return { set: set!, states };
}

async function loopOf(method: Method, settings: Settings) {
  const loop = new Loop(readerOf(dataset), resolveConfiguration(dataset, method, optionsOf(method, settings)));
  const state = await loop.start();
  const at = (moved: Readonly<Record<string, Tensor>>, step = state.step) =>
    loop.lossAt({ ...state, step, slots: { ...state.slots, variables: { ...state.slots.variables, ...moved } } });
  return { loop, variables: state.slots.variables, at };
}

describe("the gradient of a step is the slope of its loss", () => {
  test.each<[string, Method, Settings, number, string[]]>([
    ["dim's own loss alone, in the warm-up", dim, dimSettings, 0, ["generator.output.weight"]],
    ["dim's own loss and pairs", dim, dimSettings, 2, ["generator.output.weight", "generator.decoder1.bias"]],
    ["dcgm's codes and weights", dcgm, small, 0, ["z", "generator.output.weight"]],
  ])("%s", async (_what, method, settings, step, names) => {
    const { loop, variables, at } = await loopOf(method, settings);
    const { gradient } = await at({}, step);
    expect(Object.keys(gradient).includes("z")).toBe(names.includes("z"));
    expect(Object.keys(gradient)).not.toContain("class");
    for (const name of names) {
      const direction = gradient[name]!.data as Float32Array;
      const length = Math.hypot(...direction);
      expect(length).toBeGreaterThan(0);
      const gaps: number[] = [];
      for (const by of [0.05, 0.01, 0.003]) {
        const moved = (sign: number) => ({
          [name]: variables[name]!.map((v, i) => v + (sign * by * direction[i]!) / length),
        });
        const slope = ((await at(moved(1), step)).loss - (await at(moved(-1), step)).loss) / (2 * by);
        gaps.push(Math.abs(slope / length - 1));
      }
      expect(Math.min(...gaps), name).toBeLessThan(0.03);
    }
    loop.dispose();
  });
});

test("every step of dim draws other codes, and what is published are the codes that it kept", async () => {
  const { states, set } = await run(dim, dimSettings);
  const [first, last] = [states[0]!.slots, states.at(-1)!.slots];
  expect(last.variables.z).toEqual(first.variables.z);
  expect(last.variables["generator.output.weight"]).not.toEqual(first.variables["generator.output.weight"]);
  expect(set.images.length).toBe(3 * 2 * 64);
  const { loop, at } = await loopOf(dim, dimSettings);
  const losses = [await at({}, 2), await at({}, 2), await at({}, 3)].map(({ loss }) => loss);
  expect(losses[1]).toBe(losses[0]);
  expect(losses[2]).not.toBe(losses[0]);
  loop.dispose();
});

test("the critic learns from S and T after every step, and a run that stopped goes on to the same bytes", async () => {
  for (const [method, settings] of [
    [dim, dimSettings],
    [dcgm, small],
  ] as const) {
    const whole = await run(method, settings);
    const critics = whole.states.map(({ slots }) => slots.critic!["params/score/weight"]!.data);
    expect(critics[1]).not.toEqual(critics[0]);
    expect(critics[2]).not.toEqual(critics[1]);
    const again = await run(method, settings, { state: whole.states[1]! });
    expect(again.set.images).toEqual(whole.set.images);
    expect(again.states.at(-1)!.slots.critic).toEqual(whole.states.at(-1)!.slots.critic);
  }
});

test("a critic told nothing of labels, and one of logarithms with R1, learn as well", async () => {
  for (const more of [{ "tricks.critic.labels": false }, { "tricks.critic.loss": "logistic" }] as Settings[]) {
    const { states } = await run(dim, { ...dimSettings, ...more });
    const weights = states.map(({ slots }) => slots.critic!["params/score/weight"]!.data as Float32Array);
    expect(weights.at(-1)).not.toEqual(weights[0]);
    expect(weights.at(-1)!.every(Number.isFinite)).toBe(true);
  }
});

test("running moments of the generator stay as they were trained", async () => {
  const settings = { ...dimSettings, "synthetic.generator": "wgan-gp:channels=4,z=3" };
  const { states } = await run(dim, settings, { steps: 2 });
  const [first, last] = [states[0]!.slots.variables, states.at(-1)!.slots.variables];
  const moments = Object.keys(first).filter((name) => /Moments/.test(name));
  expect(moments.length).toBeGreaterThan(0);
  for (const name of moments) expect(last[name]).toEqual(first[name]);
  expect(last["generator.norm1.weight"]).not.toEqual(first["generator.norm1.weight"]);
});

test("drawn codes without weights that learn, of a deep layer, or under a solver are refused", () => {
  const resolve = (method: Method, settings: Settings) => () =>
    resolveConfiguration(dataset, method, optionsOf(method, settings));
  expect(resolve(dim, { ...dimSettings, "synthetic.weights": "frozen" })).toThrow(/its weights do not move either/);
  expect(resolve(dim, { ...dimSettings, "synthetic.layer": 1 })).toThrow(/have no prior/);
  expect(resolve(dim, { ...dimSettings, "labels.learned": true })).toThrow(/no learned label belongs/);
});
